/**
 * Clicks that have come and wait to be drawn: four rows a second at most, whatever comes.
 *
 * All are counted; where more come than can be drawn, the oldest of those that wait are left out of
 * the list, and the list says how many.
 */
import type { Schemas } from '~/api/client'

export type Arrival = Schemas['StreamedClick']

export interface Arrivals {
  /** Newest first. */
  drawn: readonly Arrival[]
  /** Oldest first. */
  waiting: readonly Arrival[]
  /** How many were never drawn. */
  skipped: number
  /** When the clicks of the last minute came. */
  minute: readonly number[]
}

export const NONE: Arrivals = { drawn: [], waiting: [], skipped: 0, minute: [] }

/** A row every so many milliseconds. */
export const DRAW_MS = 250

const DRAWN = 100
/** Five seconds of rows: what waits longer is no longer live. */
const WAITING = 20
/** As many as somebody who has paused may look at afterwards. */
const WAITING_PAUSED = 500
const MINUTE_MS = 60_000

export function arrive(arrivals: Arrivals, click: Arrival, now: number, paused: boolean): Arrivals {
  const room = paused ? WAITING_PAUSED : WAITING
  const waiting = [...arrivals.waiting, click]
  const over = Math.max(0, waiting.length - room)
  return {
    ...arrivals,
    waiting: waiting.slice(over),
    skipped: arrivals.skipped + over,
    minute: [...arrivals.minute, now],
  }
}

/** The next row, if one waits. */
export function draw(arrivals: Arrivals): Arrivals {
  const [next, ...waiting] = arrivals.waiting
  return next
    ? { ...arrivals, drawn: [next, ...arrivals.drawn].slice(0, DRAWN), waiting }
    : arrivals
}

/** Forgets what came more than a minute ago. */
export function forget(arrivals: Arrivals, now: number): Arrivals {
  if (arrivals.minute.every(at => now - at < MINUTE_MS)) return arrivals
  return { ...arrivals, minute: arrivals.minute.filter(at => now - at < MINUTE_MS) }
}

/** All that waits at once: what a reader who has paused asks for by going on. */
export function catchUp(arrivals: Arrivals): Arrivals {
  const drawn = [...arrivals.waiting.toReversed(), ...arrivals.drawn].slice(0, DRAWN)
  return { ...arrivals, drawn, waiting: [] }
}
