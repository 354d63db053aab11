/**
 * A question to the statistics, which is what the address of their pages says.
 *
 * `?period=7d&compare=year&country=DE,AT&device!=desktop&by=tag:spring`; what is usual is left out.
 * What this page does not know it leaves alone, so that an old address keeps working.
 */
import { DIMENSIONS } from './dimensions'
import { timeIn } from './times'

export const PERIODS = [
  'today',
  'yesterday',
  '24h',
  '7d',
  '30d',
  '90d',
  'month',
  'year',
  '12m',
  'all',
] as const
export type Period = (typeof PERIODS)[number]

/** How the time before is chosen: with the same weekdays, right before, or a year ago. */
export const COMPARISONS = ['weekdays', 'previous', 'year', 'none'] as const
export type Comparison = (typeof COMPARISONS)[number]

export const INTERVALS = ['hour', 'day', 'week', 'month'] as const
export type Interval = (typeof INTERVALS)[number]

/** What links have in common that is looked at. */
export const SUBJECTS = ['tag', 'domain', 'folder'] as const
export interface Subject {
  by: (typeof SUBJECTS)[number]
  value: string
}

export interface Filter {
  /** The name of a dimension. */
  by: string
  /** `unknown` is what is not known. */
  values: string[]
  not: boolean
}

export type Span = { period: Period } | { from: string; to: string }

export interface Question {
  /** A period that ends now, or a time from a day or moment up to another that is left out. */
  span: Span
  compare: Comparison
  /** At most two of a dimension: what it is, and what it is not. */
  filters: Filter[]
  subject: Subject | null
  /** Whether programs count. */
  bots: boolean
  /** The zone of days and hours; null is the reader's. */
  zone: string | null
  /** Null is what fits the time. */
  interval: Interval | null
}

export type Search = Record<string, string | undefined>

export const USUAL: Question = {
  span: { period: '7d' },
  compare: 'weekdays',
  filters: [],
  subject: null,
  bots: false,
  zone: null,
  interval: null,
}

const DAY_OR_MOMENT = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?Z)?$/

export function parse(search: Search): Question {
  const filters: Filter[] = []
  for (const [key, list] of Object.entries(search)) {
    const not = key.endsWith('!')
    const by = not ? key.slice(0, -1) : key
    const values = list === undefined ? [] : split(list)
    if (by in DIMENSIONS && values.length) filters.push({ by, values, not })
  }
  return {
    span: span(search),
    compare: oneOf(COMPARISONS, search.compare) ?? USUAL.compare,
    filters,
    subject: subject(search.by),
    bots: search.bots === 'include',
    zone: search.zone && knowsZone(search.zone) ? search.zone : null,
    interval: oneOf(INTERVALS, search.interval) ?? null,
  }
}

/** The address of a question, without what is usual. */
export function print(question: Question): Search {
  const search: Search = {}
  if ('period' in question.span) {
    if (question.span.period !== '7d') search.period = question.span.period
  } else {
    search.from = question.span.from
    search.to = question.span.to
  }
  if (question.compare !== USUAL.compare) search.compare = question.compare
  if (question.interval) search.interval = question.interval
  if (question.bots) search.bots = 'include'
  if (question.zone) search.zone = question.zone
  if (question.subject) search.by = `${question.subject.by}:${question.subject.value}`
  for (const filter of question.filters) search[key(filter)] = join(filter.values)
  return search
}

/** What the API calls a filter, and so does the address. */
export function key({ by, not }: Pick<Filter, 'by' | 'not'>): string {
  return not ? `${by}!` : by
}

/** Whether a question asks for a value, or for all but that. */
export function has(question: Question, by: string, value: string, not = false): boolean {
  return question.filters.some(it => it.by === by && it.not === not && it.values.includes(value))
}

/** What a click on a row does: asks for its value alone, for all but it, or no longer. */
export function toggle(question: Question, by: string, value: string, not: boolean): Question {
  if (has(question, by, value, not)) return drop(question, by, value, not)
  const without = drop(question, by, value, !not)
  const same = without.filters.find(it => it.by === by && it.not === not)
  const values = [...(same?.values ?? []), value]
  // What is asked for alone says already what it is not.
  const others = without.filters.filter(it => it.by !== by || (not && !it.not))
  const place = same ? without.filters.indexOf(same) : others.length
  return { ...question, filters: others.toSpliced(place, 0, { by, values, not }) }
}

/** Puts a filter in the place of another, or at the end; one without values goes away. */
export function replace(question: Question, old: Filter | null, next: Filter): Question {
  const place = old
    ? question.filters.findIndex(it => key(it) === key(old))
    : question.filters.length
  const others = question.filters.filter(
    it => !(old && key(it) === key(old)) && key(it) !== key(next),
  )
  const filters = next.values.length ? others.toSpliced(place, 0, next) : others
  return { ...question, filters }
}

/** What a file of an answer is named by. */
export function fileParts(question: Question): string[] {
  const span =
    'period' in question.span ? question.span.period : `${question.span.from}-${question.span.to}`
  return [
    span,
    ...(question.subject ? [`${question.subject.by}-${question.subject.value}`] : []),
    ...question.filters.map(
      ({ by, values, not }) => `${not ? 'not-' : ''}${by}-${values.join('-')}`,
    ),
    ...(question.bots ? ['with-bots'] : []),
  ]
}

/** A comma that belongs to a value has a backslash before it, and so has a backslash. */
export function split(list: string): string[] {
  const values = ['']
  for (let at = 0; at < list.length; at++) {
    const letter = list.charAt(at)
    if (letter === ',') values.push('')
    else values[values.length - 1] += letter === '\\' ? list.charAt(++at) : letter
  }
  return values.filter(value => value !== '')
}

export function join(values: readonly string[]): string {
  return values.map(value => value.replaceAll(/[\\,]/g, '\\$&')).join(',')
}

function drop(question: Question, by: string, value: string, not: boolean): Question {
  const filters = question.filters
    .map(it =>
      it.by === by && it.not === not
        ? { ...it, values: it.values.filter(other => other !== value) }
        : it,
    )
    .filter(it => it.values.length)
  return { ...question, filters }
}

function span({ from, to, period }: Search): Span {
  if (from && to && DAY_OR_MOMENT.test(from) && DAY_OR_MOMENT.test(to) && from < to) {
    return { from, to }
  }
  return { period: oneOf(PERIODS, period) ?? '7d' }
}

function subject(text: string | undefined): Subject | null {
  const [, by, value] = /^(\w+):(.+)$/.exec(text ?? '') ?? []
  const known = oneOf(SUBJECTS, by)
  return known && value ? { by: known, value } : null
}

function oneOf<T extends string>(all: readonly T[], text: string | undefined): T | undefined {
  return all.find(one => one === text)
}

function knowsZone(zone: string): boolean {
  try {
    timeIn('en', zone, {})
    return true
  } catch {
    return false
  }
}
