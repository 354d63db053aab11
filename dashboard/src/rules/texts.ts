import { defineTexts } from '~/texts/texts'

/** What the API calls by its English name, called otherwise; what is not listed keeps that name. */
interface Words {
  fields: Record<string, string>
  groups: Record<string, string>
  operators: Record<string, string>
}

const words: Words = {
  fields: { os: 'System', vpn: 'VPN' },
  groups: {},
  operators: {
    is_true: 'yes',
    is_false: 'no',
    greater_than: 'is above',
    less_than: 'is below',
  },
}

const en = {
  words,
}

export type RulesTexts = typeof en
export const rulesTexts = defineTexts<RulesTexts>(en, { de: () => import('./texts.de') })
