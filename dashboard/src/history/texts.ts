import { defineTexts, plural } from '~/texts/texts'

const en = {
  history: 'History',
  about: 'Each publication is a revision. None is ever changed or lost.',
  live: 'live',
  revision: (n: number) => `r${n}`,
  by: (who: string) => `by ${who}`,
  rules: (n: number) => `${n} ${plural(n, { one: 'rule', other: 'rules' })}`,
  first: 'The first one',
  changes: (n: number) => `${n} ${plural(n, { one: 'change', other: 'changes' })}`,
  show: (n: number) => `What r${n} changed`,
  compare: 'Compare',
  from: 'From',
  to: 'To',
  draft: 'Draft',
  nothing: 'nothing',
  comparing: (from: string, to: string) => `From ${from} to ${to}`,
  restoreOf: (n: number) => `Restore r${n} as a draft`,
  restored: (n: number) => `r${n} is the draft now. Visitors see no change until you publish.`,
  toRules: 'See the draft',
  older: 'Older revisions',
  readOnly: 'As it was',
}

export type HistoryTexts = typeof en
export const historyTexts = defineTexts<HistoryTexts>(en, { de: () => import('./texts.de') })
