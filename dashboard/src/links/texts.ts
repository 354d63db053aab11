import { defineTexts, plural } from '~/texts/texts'

const en = {
  loading: 'Loading',
  backToLinks: '← Links',
  copyShort: 'Copy the short address',
  qr: 'QR code',
  open: 'Show where it leads, without a click',
  live: (revision: number) => `r${revision} live`,
  revisionTitle: (revision: number) => `Revision ${revision} is what visitors get now`,
  draft: 'Draft',
  clicksOfPeople: (n: number, shown: string) =>
    `${shown} ${plural(n, { one: 'click', other: 'clicks' })} by people`,
  pagesOfLink: 'Pages of this link',
  page: {
    rules: 'Rules',
    try: 'Try it',
    whatIf: 'What if',
    statistics: 'Statistics',
    clicks: 'Clicks',
    history: 'History',
    settings: 'Settings',
  },
  states: {
    active: 'Active',
    disabled: 'Disabled',
    archived: 'Archived',
    scheduled: 'Scheduled',
    expired: 'Expired',
    usedUp: 'Used up',
  },
}

export type LinksTexts = typeof en
export const linksTexts = defineTexts<LinksTexts>(en, { de: () => import('./texts.de') })
