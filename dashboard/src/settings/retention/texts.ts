import { defineTexts } from '~/texts/texts'

const en = {
  title: 'What is kept',
  about: 'How long single clicks stay, and whether any were lost.',
  retention: 'How long',
  clicks: 'Clicks of people',
  clicksWhat: 'Each with time, place, device and where it was sent.',
  bots: 'Clicks of bots, previews and prefetches',
  botsWhat: 'Left out of all counts unless you ask for them.',
  conversions: 'Conversions',
  conversionsWhat: 'What was reported to have become of clicks.',
  totals: 'Counts',
  totalsWhat: 'What clicks add up to, for each link: they outlive the clicks.',
  forever: 'for ever',
  days: (n: string) => `${n} days`,
  by: (setting: string) => `changed by ${setting}`,
  how: 'These are settings of the server: variables or flags that it is started with. A shorter time takes effect within a day, and deletes.',
  health: 'Clicks on their way',
  good: 'Every click since the start was written down.',
  lost: (n: string, one: boolean) =>
    one
      ? 'One click since the start could not be written down.'
      : `${n} clicks since the start could not be written down.`,
  lostWhat:
    'Their visitors were redirected all the same. The usual cause is a full disk, or a limit of WAYPOST_SPOOL_SIZE that was reached.',
  failing: 'Clicks cannot be written down right now',
  failingWhat:
    'Visitors are redirected, but their clicks are not kept. Look at the space on the server’s disk.',
  waiting: 'Waiting for the database',
  damaged: 'Unreadable after a crash',
  unreadable: 'Records left out',
  blocks: 'Sealed blocks of older clicks',
  sealed: (blocks: string, clicks: string) => `${blocks}, with ${clicks} clicks`,
  bytes: (n: string) => `${n} bytes`,
  database: 'Database',
  version: 'Version',
}

export type RetentionTexts = typeof en
export const retentionTexts = defineTexts<RetentionTexts>(en, { de: () => import('./texts.de') })
