import type { RetentionTexts } from './texts'

const de: RetentionTexts = {
  title: 'Was bleibt',
  about: 'Wie lange einzelne Klicks bleiben, und ob welche verloren gingen.',
  retention: 'Wie lange',
  clicks: 'Klicks von Menschen',
  clicksWhat: 'Jeder mit Zeit, Ort, Gerät und Ziel.',
  bots: 'Klicks von Bots, Vorschauen und Vorablädern',
  botsWhat: 'Zählen nirgends mit, außer Sie fragen danach.',
  conversions: 'Abschlüsse',
  conversionsWhat: 'Was, wie gemeldet, aus Klicks wurde.',
  totals: 'Zahlen',
  totalsWhat: 'Was Klicks zusammen ergeben, je Link: Sie überdauern die Klicks.',
  forever: 'für immer',
  days: n => `${n} Tage`,
  by: setting => `geändert durch ${setting}`,
  how: 'Das sind Einstellungen des Servers: Variablen oder Schalter, mit denen er gestartet wird. Eine kürzere Zeit gilt binnen eines Tages, und löscht.',
  health: 'Klicks unterwegs',
  good: 'Jeder Klick seit dem Start wurde festgehalten.',
  lost: (n, one) =>
    one
      ? 'Ein Klick seit dem Start konnte nicht festgehalten werden.'
      : `${n} Klicks seit dem Start konnten nicht festgehalten werden.`,
  lostWhat:
    'Ihre Besucher wurden trotzdem weitergeleitet. Meist ist die Platte voll, oder die Grenze WAYPOST_SPOOL_SIZE war erreicht.',
  failing: 'Klicks können gerade nicht festgehalten werden',
  failingWhat:
    'Besucher werden weitergeleitet, ihre Klicks aber nicht behalten. Sehen Sie nach dem Platz auf der Platte des Servers.',
  waiting: 'Warten auf die Datenbank',
  damaged: 'Nach einem Absturz unlesbar',
  unreadable: 'Ausgelassene Einträge',
  blocks: 'Versiegelte Blöcke älterer Klicks',
  sealed: (blocks, clicks) => `${blocks}, mit ${clicks} Klicks`,
  bytes: n => `${n} Bytes`,
  database: 'Datenbank',
  version: 'Version',
}

export default de
