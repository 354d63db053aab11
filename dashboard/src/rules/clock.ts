/** Hours of the day and days of the week as sets, and how a test's operator and value say them. */
import { valuesOf } from './fields'
import type { Test } from './tree'

const NAMES = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday']

/** The day that a rule means, 0 for Sunday; the API takes numbers and English names. */
export function dayOf(text: string): number | undefined {
  const word = text.trim().toLowerCase()
  const named = NAMES.findIndex(name => name === word || name.slice(0, 3) === word)
  if (0 <= named) return named
  return /^[0-6]$/.test(word) ? Number(word) : undefined
}

/** Minutes from midnight of `09:30`, or of minutes. */
export function minuteOf(text: string): number | undefined {
  const found = /^(\d{1,2}):(\d{2})$/.exec(text.trim())
  if (found) {
    const minutes = Number(found[1]) * 60 + Number(found[2])
    return Number(found[2]) < 60 && minutes < 1440 ? minutes : undefined
  }
  return /^\d{1,4}$/.test(text.trim()) && Number(text) < 1440 ? Number(text) : undefined
}

/** `09:30` of 570. */
export function timeOf(minute: number): string {
  const two = (n: number) => String(n).padStart(2, '0')
  return `${two(Math.floor(minute / 60))}:${two(minute % 60)}`
}

/** The whole numbers below `size` on which a test is true; nothing where it has another shape. */
export function membersOf(
  test: Test,
  size: number,
  read: (text: string) => number | undefined,
): number[] | undefined {
  const values = valuesOf(test.value).map(read)
  if (values.length === 0 || values.some(value => value === undefined || size <= value)) {
    return undefined
  }
  const known = values as number[]
  const [first = 0, second = 0] = known
  const holds: Record<string, (n: number) => boolean> = {
    equals: n => n === first,
    not_equals: n => n !== first,
    in: n => known.includes(n),
    not_in: n => !known.includes(n),
    greater_than: n => first < n,
    less_than: n => n < first,
    between: n => first <= n && n <= second,
  }
  const is = holds[test.operator]
  return is && Array.from({ length: size }, (_, n) => n).filter(is)
}

export const hoursOf = (test: Test) =>
  membersOf(test, 24, text => (/^\d{1,2}$/.test(text.trim()) ? Number(text) : undefined))
export const daysOf = (test: Test) => membersOf(test, 7, dayOf)
export const minutesOf = (test: Test) => membersOf(test, 1440, minuteOf)

/** Runs of numbers, their ends left out: `[9, 10, 11, 20]` is 9 to 12 and 20 to 21. */
export function runs(numbers: readonly number[]): [from: number, to: number][] {
  const found: [number, number][] = []
  for (const n of numbers) {
    const last = found.at(-1)
    if (last && last[1] === n) last[1] = n + 1
    else found.push([n, n + 1])
  }
  return found
}

/** A night, which the day's end divides, as one span: 22:00 to 2:00. */
export function around(spans: [number, number][]): [number, number][] {
  const [first, last] = [spans[0], spans.at(-1)]
  if (spans.length < 2 || first?.[0] !== 0 || last?.[1] !== 1440) return spans
  return [...spans.slice(1, -1), [last[0], first[1] + 1440]]
}

/** Nobody says "after 17:01" or "to 18:31": a bound is said as it was written. */
export function spanned([from, to]: [number, number]): [number, number] {
  return [from % 5 === 1 ? from - 1 : from, to === 1440 || to % 5 === 0 ? to : to - 1]
}
