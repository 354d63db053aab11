import { defineTexts } from '~/texts/texts'

const en = {
  caption: 'Clicks, newest first',
  about:
    'Each click, newest first, bots too. No address is ever kept. Open one to see why it went where it went.',
  when: 'When',
  where: 'Where from',
  device: 'With what',
  cameFrom: 'Came from',
  went: 'Went to',
  everyoneElse: 'Everyone else',
  deletedRule: 'A rule that is gone',
  way: (variant: number) => `way ${variant + 1}`,
  scanned: 'QR code',
  direct: 'directly',
  nowhere: 'unknown place',
  nothing: 'unknown device',
  returning: 'was here before',
  explain: (when: string) => `Why did the click of ${when} go there?`,
  more: 'Load more',
  refresh: 'Look again',
  none: 'No clicks yet',
  noneWhat: 'Share the short address, or scan its QR code: each click appears here within seconds.',
  outcomes: {
    destination: 'Everyone else',
    rule: 'A rule',
    split: 'A way for everyone else',
    blocked: 'Blocked',
    notFound: 'Not found',
    expired: 'Where expired links lead',
    gone: 'Had expired or was used up',
    password: 'Was asked for the password',
    card: 'Was shown the card',
    stayed: 'Nowhere: nobody was redirected',
  } as Record<string, string>,
}

export type ClicksTexts = typeof en
export const clicksTexts = defineTexts<ClicksTexts>(en, { de: () => import('./texts.de') })
