import { defineTexts } from '~/texts/texts'

const en = {
  title: 'Live',
  about: 'Every click, as it comes.',
  states: { opening: 'Opening', open: 'Live', lost: 'Lost the server; trying again' },
  paused: 'Paused',
  pause: 'Pause',
  goOn: 'Go on',
  goOnWith: (n: string) => `Go on (${n} waiting)`,
  lastMinute: (n: string) => `${n} in the last minute`,
  skipped: (n: string) => `${n} more came too fast to be drawn; Statistics has them all.`,
  missed: 'Some clicks went by while the line was slow; Statistics has them all.',
  arrivals: 'Arrivals',
  map: 'Where they came from',
  mapFinding: (n: string, place: string) => `${n} arrivals shown, the last from ${place}.`,
  atCentre: 'A dot stands in the middle of its country.',
  when: 'When',
  where: 'Where',
  link: 'Link',
  visitor: 'Visitor',
  source: 'Source',
  went: 'Went by',
  took: 'Decided in',
  micro: (n: string) => `${n} µs`,
  try: 'Try',
  tryClick: (what: string) => `Try: ${what}`,
  aRule: 'A rule',
  direct: 'Direct',
  unknownPlace: 'Unknown place',
  you: 'This is you',
  bot: 'Bot',
  qr: 'QR code',
  waiting: 'Waiting for clicks',
  waitingWhat:
    'Nothing has come since this page was opened. Open a short link in another tab, or on a phone: it shows here within a second.',
  open: (slug: string) => `Open ${slug}`,
  showBots: 'Bots too',
  actions: 'Live',
}

export type LiveTexts = typeof en
export const liveTexts = defineTexts<LiveTexts>(en, { de: () => import('./texts.de') })
