import type { ClicksTexts } from './texts'

const de: ClicksTexts = {
  caption: 'Klicks, neueste zuerst',
  about:
    'Jeder Klick, neueste zuerst, auch die von Bots. Adressen werden nie aufgehoben. Öffnen Sie einen, um zu sehen, warum er dorthin führte.',
  when: 'Wann',
  where: 'Woher',
  device: 'Womit',
  cameFrom: 'Kam von',
  went: 'Ging nach',
  everyoneElse: 'Alle anderen',
  deletedRule: 'Eine Regel, die es nicht mehr gibt',
  way: variant => `Weg ${variant + 1}`,
  scanned: 'QR-Code',
  direct: 'direkt',
  nowhere: 'Ort unbekannt',
  nothing: 'Gerät unbekannt',
  returning: 'war schon einmal hier',
  explain: when => `Warum führte der Klick von ${when} dorthin?`,
  more: 'Mehr laden',
  refresh: 'Noch einmal nachsehen',
  none: 'Noch keine Klicks',
  noneWhat:
    'Teilen Sie die kurze Adresse oder scannen Sie ihren QR-Code: jeder Klick erscheint hier nach Sekunden.',
  outcomes: {
    destination: 'Alle anderen',
    rule: 'Eine Regel',
    split: 'Ein Weg für alle anderen',
    blocked: 'Blockiert',
    notFound: 'Nicht gefunden',
    expired: 'Wohin abgelaufene Links führen',
    gone: 'War abgelaufen oder aufgebraucht',
    password: 'Wurde nach dem Passwort gefragt',
    card: 'Bekam die Karte',
    stayed: 'Nirgendwohin: niemand wurde weitergeleitet',
  },
}

export default de
