import { plural } from '~/texts/texts'
import type { HistoryTexts } from './texts'

const de: HistoryTexts = {
  history: 'Verlauf',
  about: 'Jede Veröffentlichung ist eine Revision. Keine wird je geändert oder geht verloren.',
  live: 'gilt',
  revision: n => `r${n}`,
  by: who => `von ${who}`,
  rules: n => `${n} ${plural(n, { one: 'Regel', other: 'Regeln' }, 'de')}`,
  first: 'Die erste',
  changes: n => `${n} ${plural(n, { one: 'Änderung', other: 'Änderungen' }, 'de')}`,
  show: n => `Was r${n} änderte`,
  compare: 'Vergleichen',
  from: 'Von',
  to: 'Bis',
  draft: 'Entwurf',
  nothing: 'nichts',
  comparing: (from, to) => `Von ${from} bis ${to}`,
  restoreOf: n => `r${n} als Entwurf wiederherstellen`,
  restored: n =>
    `r${n} ist jetzt der Entwurf. Besucher sehen keine Änderung, bis Sie veröffentlichen.`,
  toRules: 'Den Entwurf ansehen',
  older: 'Ältere Revisionen',
  readOnly: 'Wie es war',
}

export default de
