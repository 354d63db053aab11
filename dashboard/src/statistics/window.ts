/** The time that a question is about, and the one that it is compared with. */
import {
  between,
  type Day,
  dayIn,
  firstOfMonth,
  firstOfYear,
  isDay,
  plus,
  plusMonths,
} from './days'
import type { Interval, Period, Question, Span } from './question'

/** From a day or moment up to another, which is left out: as the API takes it. */
export interface Time {
  from: string
  to: string
}

export interface Window extends Time {
  interval: Interval
  zone: string
  /** Whether it is still going on. */
  unfinished: boolean
  before: Before | null
}

export interface Before extends Time {
  /** Until when it is counted, so that a time which goes on is compared with as much of another. */
  until: string
  /** How many days lie between. */
  days: number
}

interface Now {
  now: Date
  /** The reader's zone, where the question names none. */
  zone: string
  /** The day of the first click, for `all`. */
  began: Day | null
}

const HOUR_MS = 3_600_000

export function windowOf(question: Question, { now, zone: own, began }: Now): Window {
  const zone = question.zone ?? own
  const today = dayIn(zone, now)
  const time = timeOf(question.span, today, now, began)
  const inDays = isDay(time.from) && isDay(time.to)
  const length = inDays
    ? between(time.from, time.to)
    : Math.max(1, Math.ceil((moment(time.to) - moment(time.from)) / (24 * HOUR_MS)))
  const unfinished = inDays ? today < time.to : now.getTime() <= moment(time.to)
  return {
    ...time,
    zone,
    unfinished,
    interval: question.interval ?? intervalOf(length),
    before: before(question, time, { length, inDays, unfinished, now }),
  }
}

/** Weeks and months where days would be too many to see. */
export function intervalOf(days: number): Interval {
  if (days <= 2) return 'hour'
  if (days <= 92) return 'day'
  return days <= 400 ? 'week' : 'month'
}

/** The time of the same length before or after; the same month or year where it is one. */
export function shifted(question: Question, by: 1 | -1, at: Now): Span {
  const zone = question.zone ?? at.zone
  const today = dayIn(zone, at.now)
  const { from, to } = timeOf(question.span, today, at.now, at.began)
  if (!isDay(from) || !isDay(to)) {
    const length = moment(to) - moment(from)
    const end = moment(to) + by * length
    return { from: iso(end - length), to: iso(end) }
  }
  const months = wholeMonths(question.span, from, to)
  if (months) {
    const start = plusMonths(from, by * months)
    return { from: start, to: plusMonths(start, months) }
  }
  const days = between(from, to)
  const span = { from: plus(from, by * days), to: plus(to, by * days) }
  return span.to === plus(today, 1) ? (periodOf(days) ?? span) : span
}

/** Whether there is a time after this one that has begun. */
export function mayGoOn(question: Question, at: Now): boolean {
  const today = dayIn(question.zone ?? at.zone, at.now)
  const { to } = timeOf(question.span, today, at.now, at.began)
  return isDay(to) ? to <= today : moment(to) + HOUR_MS < at.now.getTime()
}

function timeOf(span: Span, today: Day, now: Date, began: Day | null): Time {
  if (!('period' in span)) return span
  const tomorrow = plus(today, 1)
  const last = (days: number) => ({ from: plus(tomorrow, -days), to: tomorrow })
  switch (span.period) {
    case 'today':
      return last(1)
    case 'yesterday':
      return { from: plus(today, -1), to: today }
    case '24h': {
      const end = Math.ceil(now.getTime() / HOUR_MS) * HOUR_MS
      return { from: iso(end - 24 * HOUR_MS), to: iso(end) }
    }
    case '7d':
      return last(7)
    case '30d':
      return last(30)
    case '90d':
      return last(90)
    case 'month':
      return { from: firstOfMonth(today), to: tomorrow }
    case 'year':
      return { from: firstOfYear(today), to: tomorrow }
    case '12m':
      return { from: plusMonths(today, -11), to: tomorrow }
    case 'all':
      return { from: began ?? plus(tomorrow, -30), to: tomorrow }
  }
}

interface Shape {
  length: number
  inDays: boolean
  unfinished: boolean
  now: Date
}

function before(question: Question, time: Time, shape: Shape): Before | null {
  const all = 'period' in question.span && question.span.period === 'all'
  if (question.compare === 'none' || all) return null
  const days = {
    weekdays: Math.ceil(shape.length / 7) * 7,
    previous: shape.length,
    year: Math.max(364, Math.ceil(shape.length / 7) * 7),
  }[question.compare]
  const back = (at: string) =>
    shape.inDays ? plus(at, -days) : iso(moment(at) - days * 24 * HOUR_MS)
  const to = back(time.to)
  const until = shape.unfinished ? iso(shape.now.getTime() - days * 24 * HOUR_MS) : to
  return { from: back(time.from), to, until, days }
}

/** How many months a time is that begins and ends with one; the one that goes on counts as whole. */
function wholeMonths(span: Span, from: Day, to: Day): number {
  const period: Period | null = 'period' in span ? span.period : null
  if (period === 'month') return 1
  if (period === 'year') return 12
  if (!from.endsWith('-01') || !to.endsWith('-01')) return 0
  const [years = 0, months = 0] = to.split('-').map(Number)
  const [year = 0, month = 0] = from.split('-').map(Number)
  return (years - year) * 12 + months - month
}

function periodOf(days: number): Span | null {
  const period = ({ 1: 'today', 7: '7d', 30: '30d', 90: '90d' } as const)[days]
  return period ? { period } : null
}

function moment(text: string): number {
  return Date.parse(isDay(text) ? `${text}T00:00:00Z` : text)
}

function iso(at: number): string {
  return new Date(at).toISOString()
}
