import { plural } from '~/texts/texts'
import type { LinksTexts } from './texts'

const de: LinksTexts = {
  loading: 'Lädt',
  backToLinks: '← Links',
  copyShort: 'Kurze Adresse kopieren',
  qr: 'QR-Code',
  open: 'Zeigen, wohin er führt, ohne zu klicken',
  live: revision => `r${revision} ist live`,
  revisionTitle: revision => `Revision ${revision} bekommen Besucher jetzt`,
  draft: 'Entwurf',
  clicksOfPeople: (n, shown) =>
    `${shown} ${plural(n, { one: 'Klick', other: 'Klicks' }, 'de')} von Menschen`,
  pagesOfLink: 'Seiten dieses Links',
  page: {
    rules: 'Regeln',
    try: 'Ausprobieren',
    whatIf: 'Was wäre wenn',
    statistics: 'Statistik',
    clicks: 'Klicks',
    history: 'Verlauf',
    settings: 'Einstellungen',
  },
  states: {
    active: 'Aktiv',
    disabled: 'Ausgeschaltet',
    archived: 'Archiviert',
    scheduled: 'Geplant',
    expired: 'Abgelaufen',
    usedUp: 'Aufgebraucht',
  },
}

export default de
