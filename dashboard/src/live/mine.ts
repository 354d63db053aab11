/**
 * Which of the clicks is the reader's own.
 *
 * No address is kept, so it is told by what this page knows: it opened that short link a moment ago,
 * and the click came from a browser of this kind.
 */
import type { Arrival } from './arrivals'

/** So long may a click take from the opened page to the stream. */
const WITHIN_MS = 10_000

export interface Opened {
  link: string
  at: number
}

export function isMine(click: Arrival, opened: Opened | null, agent: string): boolean {
  if (!opened || click.link !== opened.link) return false
  const after = Date.parse(click.at) - opened.at
  // Clocks differ by a second or two.
  return (
    -2_000 <= after && after <= WITHIN_MS && (!click.browser || agent.includes(word(click.browser)))
  )
}

/** The word by which a browser names itself: `Edg` for Edge, `Chrome` for `Chrome Mobile`. */
function word(browser: string): string {
  const [first = ''] = browser.split(' ')
  return { Edge: 'Edg', Opera: 'OPR', Chromium: 'Chrome', Mobile: 'Safari' }[first] ?? first
}
