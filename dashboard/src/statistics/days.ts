/** Days of the calendar, `2026-11-22`, whatever zone they are days of. */

import { timeIn } from './times'

export type Day = string

const DAY_MS = 86_400_000

const PARTS: Intl.DateTimeFormatOptions = { year: 'numeric', month: '2-digit', day: '2-digit' }

/** The day that it is in a zone. */
export function dayIn(zone: string, now: Date): Day {
  return timeIn('en-CA', zone, PARTS).format(now).slice(0, 10)
}

export function isDay(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && plus(text, 0) === text
}

export function plus(day: Day, days: number): Day {
  const at = utc(day) + days * DAY_MS
  return Number.isNaN(at) ? '' : new Date(at).toISOString().slice(0, 10)
}

/** How many days lie from one up to another. */
export function between(from: Day, to: Day): number {
  return Math.round((utc(to) - utc(from)) / DAY_MS)
}

export function firstOfMonth(day: Day): Day {
  return `${day.slice(0, 7)}-01`
}

export function firstOfYear(day: Day): Day {
  return `${day.slice(0, 4)}-01-01`
}

/** The first of a month so many months from a day's own. */
export function plusMonths(day: Day, months: number): Day {
  const [year = 0, month = 1] = day.split('-').map(Number)
  return new Date(Date.UTC(year, month - 1 + months, 1)).toISOString().slice(0, 10)
}

/** At midnight in UTC: to be written with `timeZone: 'UTC'`, never to be compared with a moment. */
export function utc(day: Day): number {
  return Date.parse(`${day}T00:00:00Z`)
}
