/**
 * Conditions as a tree, and edits of it: each takes a tree and gives another one.
 *
 * A place in a tree is written as the API writes it (`all[1].not.any[0]`, the whole tree being the
 * empty text), so that its problems, warnings and counts need no translation to be shown in place.
 * **Invariant:** an edit changes what it names and nothing else; what it does not understand stays.
 */

export type When = All | Any | Not | Test

export interface All {
  all: When[]
}
export interface Any {
  any: When[]
}
export interface Not {
  not: When
}
export interface Test {
  field: string
  operator: string
  value?: unknown
  /** The IANA zone in which this test of an hour, a day or a date is read. */
  timezone?: string
}

/** `all[1].any[0]`; the empty text is the whole tree. */
export type Place = string

export const isAll = (when: When): when is All => 'all' in when
export const isAny = (when: When): when is Any => 'any' in when
export const isNot = (when: When): when is Not => 'not' in when
export const isTest = (when: When): when is Test => 'field' in when

/** The parts of a group, none for a test. */
export function partsOf(when: When): readonly When[] {
  if (isAll(when)) return when.all
  if (isAny(when)) return when.any
  if (isNot(when)) return [when.not]
  return []
}

/** A group's parts, each with its place. */
export function placesIn(when: When, at: Place): [Place, When][] {
  if (isNot(when)) return [[join(at, 'not'), when.not]]
  const key = isAll(when) ? 'all' : 'any'
  return partsOf(when).map((part, index) => [join(at, `${key}[${index}]`), part])
}

/** What stands at a place. */
export function partAt(when: When, at: Place): When | undefined {
  let part: When | undefined = when
  for (const step of steps(at)) {
    if (!part) return undefined
    if (step.key === 'not') part = isNot(part) ? part.not : undefined
    else if (step.key === 'all') part = isAll(part) ? part.all[step.index] : undefined
    else part = isAny(part) ? part.any[step.index] : undefined
  }
  return part
}

/** The tree with something else at a place. */
export function replaced(when: When, at: Place, part: When): When {
  return edited(when, steps(at), () => part)!
}

/**
 * The tree without what stands at a place. A group that would be left with nothing goes too; nothing
 * is left of a tree that held nothing else.
 */
export function removed(when: When, at: Place): When | undefined {
  return edited(when, steps(at), () => undefined)
}

/** The tree with a part put into the group at a place, before the part that has this index now. */
export function inserted(when: When, group: Place, index: number, part: When): When {
  return edited(when, steps(group), found => {
    const parts = [...partsOf(found)]
    parts.splice(index, 0, part)
    return isAny(found) ? { any: parts } : { all: parts }
  })!
}

/**
 * The tree with "and this" after what stands at a place: beside it where its group asks for all
 * already, else both in a new group.
 */
export function alongside(when: When, at: Place, part: When, word: 'all' | 'any'): When {
  const found = partAt(when, at)
  if (!found) return when
  if (word in found) return inserted(when, at, partsOf(found).length, part)
  const around = parentOf(at)
  const group = around === undefined ? undefined : partAt(when, around)
  if (group && word in group) return inserted(when, around!, indexOf(at) + 1, part)
  const both = [found, part]
  return replaced(when, at, word === 'all' ? { all: both } : { any: both })
}

/** The tree with a part moved by so many steps within its group. */
export function shifted(when: When, at: Place, by: number): When {
  const around = parentOf(at)
  const group = around === undefined ? undefined : partAt(when, around)
  if (!group || isNot(group) || isTest(group)) return when
  const parts = [...partsOf(group)]
  const from = indexOf(at)
  const to = Math.min(Math.max(from + by, 0), parts.length - 1)
  parts.splice(to, 0, ...parts.splice(from, 1))
  return replaced(when, around!, isAll(group) ? { all: parts } : { any: parts })
}

/** Puts `not` around what stands at a place, or takes it away where it stands there already. */
export function negated(when: When, at: Place): When {
  const found = partAt(when, at)
  if (!found) return when
  return replaced(when, at, isNot(found) ? found.not : { not: found })
}

/** The group at a place with the other word: all for any, any for all. */
export function turned(when: When, at: Place): When {
  const found = partAt(when, at)
  if (!found || isNot(found) || isTest(found)) return when
  return replaced(when, at, isAll(found) ? { any: found.all } : { all: found.any })
}

/** How many groups lie around the deepest test. A `not` around one test is a word, not a level. */
export function depthOf(when: When): number {
  if (isTest(when)) return 0
  if (isNot(when)) return isTest(when.not) ? 0 : depthOf(when.not)
  return 1 + Math.max(0, ...partsOf(when).map(depthOf))
}

/** Every test, with its place. */
export function testsOf(when: When, at: Place = ''): [Place, Test][] {
  if (isTest(when)) return [[at, when]]
  return placesIn(when, at).flatMap(([place, part]) => testsOf(part, place))
}

/** The tests that have to be true for this one to matter: those beside and above it under `all`. */
export function givenAt(when: When, at: Place): Test[] {
  const around = parentOf(at)
  if (around === undefined) return []
  const group = partAt(when, around)
  const beside =
    group && isAll(group)
      ? group.all.filter((part, index): part is Test => isTest(part) && index !== indexOf(at))
      : []
  return [...beside, ...givenAt(when, around)]
}

/** Whether this could be a tree at all; what a stored rule or a person's JSON is asked. */
export function isWhen(json: unknown): json is When {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) return false
  const map = json as Record<string, unknown>
  if ('all' in map) return Array.isArray(map.all) && map.all.every(isWhen)
  if ('any' in map) return Array.isArray(map.any) && map.any.every(isWhen)
  if ('not' in map) return isWhen(map.not)
  return typeof map.field === 'string' && typeof map.operator === 'string'
}

export function join(at: Place, step: string): Place {
  return at ? `${at}.${step}` : step
}

/** The place of the group around; none around the whole. */
export function parentOf(at: Place): Place | undefined {
  if (!at) return undefined
  const dot = at.lastIndexOf('.')
  return dot < 0 ? '' : at.slice(0, dot)
}

/** The index within its group; 0 under `not`. */
export function indexOf(at: Place): number {
  return Number(/\[(\d+)\]$/.exec(at)?.[1] ?? 0)
}

interface Step {
  key: 'all' | 'any' | 'not'
  index: number
}

function steps(at: Place): Step[] {
  return [...at.matchAll(/(all|any|not)(?:\[(\d+)\])?(?:\.|$)/g)].map(([, key, index]) => ({
    key: key as Step['key'],
    index: Number(index ?? 0),
  }))
}

function edited(
  when: When,
  [step, ...rest]: Step[],
  edit: (part: When) => When | undefined,
): When | undefined {
  if (!step) return edit(when)
  if (isNot(when)) {
    const not = edited(when.not, rest, edit)
    return not && { not }
  }
  if (isTest(when)) return when
  const parts = partsOf(when).flatMap((part, index) => {
    if (index !== step.index) return [part]
    const changed = edited(part, rest, edit)
    return changed ? [changed] : []
  })
  if (parts.length === 0) return undefined
  return isAll(when) ? { all: parts } : { any: parts }
}
