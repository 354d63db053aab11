/** A week of hours as conditions, and back: what the grid of 7 × 24 shows and writes. */
import { daysOf, hoursOf, runs } from './clock'
import { isAll, isAny, isTest, type Test, type When } from './tree'

/** By day from 0 for Sunday, the hours that are chosen. */
export type Week = readonly (readonly number[])[]

export const EMPTY_WEEK: Week = Array.from({ length: 7 }, () => [])
const WHOLE_DAY = Array.from({ length: 24 }, (_, hour) => hour)

/** The condition that holds in these hours; nothing where none or all are chosen. */
export function whenOf(week: Week, timezone?: string): When | undefined {
  const byHours = new Map<string, number[]>()
  week.forEach((hours, day) => {
    if (hours.length === 0) return
    const key = hours.join()
    byHours.set(key, [...(byHours.get(key) ?? []), day])
  })
  const groups = [...byHours].map(([hours, days]) => {
    const parts: When[] = []
    if (days.length < 7) parts.push(daysTest(days, timezone))
    if (hours !== WHOLE_DAY.join()) parts.push(hoursTest(hours.split(',').map(Number), timezone))
    const [only] = parts
    return parts.length === 1 ? only : parts.length === 0 ? undefined : { all: parts }
  })
  const parts = groups.filter(group => group !== undefined)
  if (parts.length < 2) return parts[0]
  return { any: parts }
}

/** The hours in which a condition holds; nothing where it asks for anything else. */
export function weekOf(when: When): { week: Week; timezone?: string } | undefined {
  const zones = new Set<string | undefined>()
  const read = (part: When): Week | undefined => {
    if (isTest(part)) {
      zones.add(part.timezone)
      return ofTest(part)
    }
    const parts = isAll(part) ? part.all : isAny(part) ? part.any : []
    const weeks = parts.map(read)
    if (weeks.length === 0 || weeks.some(week => !week)) return undefined
    const known = weeks as Week[]
    return EMPTY_WEEK.map((_, day) =>
      WHOLE_DAY.filter(hour =>
        isAll(part)
          ? known.every(week => week[day]!.includes(hour))
          : known.some(week => week[day]!.includes(hour)),
      ),
    )
  }
  const week = read(when)
  if (!week || 1 < zones.size) return undefined
  const [timezone] = zones
  return timezone ? { week, timezone } : { week }
}

function ofTest(test: Test): Week | undefined {
  if (test.field === 'hour') {
    const hours = hoursOf(test)
    return hours && EMPTY_WEEK.map(() => hours)
  }
  if (test.field !== 'dayOfWeek') return undefined
  const days = daysOf(test)
  return days && EMPTY_WEEK.map((_, day) => (days.includes(day) ? WHOLE_DAY : []))
}

function daysTest(days: readonly number[], timezone?: string): Test {
  return { field: 'dayOfWeek', operator: 'in', value: [...days], ...(timezone ? { timezone } : {}) }
}

function hoursTest(hours: readonly number[], timezone?: string): Test {
  const [span, ...rest] = runs(hours)
  const zone = timezone ? { timezone } : {}
  return span && rest.length === 0
    ? { field: 'hour', operator: 'between', value: [span[0], span[1] - 1], ...zone }
    : { field: 'hour', operator: 'in', value: [...hours], ...zone }
}
