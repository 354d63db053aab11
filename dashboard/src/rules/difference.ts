/** What one plan changes of another, rule by rule; and which words of a sentence are new. Pure. */
import { type Plan, type Rule, ruleAt, same } from './plan'

export interface Difference {
  destination?: [from: string, to: string]
  defaultSplit?: [from: Plan['defaultSplit'], to: Plan['defaultSplit']]
  rules: RuleChange[]
}

export type RuleChange =
  | { kind: 'added'; rule: Rule; position: number }
  | { kind: 'removed'; rule: Rule; position: number }
  | { kind: 'changed'; before: Rule; rule: Rule; position: number; keys: (keyof Rule)[] }
  | { kind: 'moved'; rule: Rule; position: number; from: number }

const KEYS: readonly (keyof Rule)[] = [
  'name',
  'enabled',
  'when',
  'action',
  'timezone',
  'description',
]

/** Positions count from 1, as people do. */
export function differenceOf(from: Plan, to: Plan): Difference {
  const difference: Difference = { rules: [] }
  if (from.destination !== to.destination) {
    difference.destination = [from.destination, to.destination]
  }
  if (!same(from.defaultSplit, to.defaultSplit)) {
    difference.defaultSplit = [from.defaultSplit, to.defaultSplit]
  }
  const stayed = longestRun(
    to.rules.flatMap(rule => {
      const index = from.rules.findIndex(({ key }) => key === rule.key)
      return index < 0 ? [] : [{ key: rule.key, index }]
    }),
  )
  to.rules.forEach((rule, index) => {
    const position = index + 1
    const before = ruleAt(from, rule.key)
    if (!before) {
      difference.rules.push({ kind: 'added', rule, position })
      return
    }
    const keys = KEYS.filter(key => !same(before[key] ?? null, rule[key] ?? null))
    if (keys.length > 0) difference.rules.push({ kind: 'changed', before, rule, position, keys })
    if (!stayed.has(rule.key)) {
      difference.rules.push({ kind: 'moved', rule, position, from: from.rules.indexOf(before) + 1 })
    }
  })
  from.rules.forEach((rule, index) => {
    if (!ruleAt(to, rule.key)) {
      difference.rules.push({ kind: 'removed', rule, position: index + 1 })
    }
  })
  return difference
}

/** How many things a reader would call changed. */
export function sizeOf({ destination, defaultSplit, rules }: Difference): number {
  return rules.length + (destination ? 1 : 0) + (defaultSplit ? 1 : 0)
}

/** The keys of the most rules that kept their order: all others moved. */
function longestRun(rules: readonly { key: string; index: number }[]): Set<string> {
  const runs: { key: string; index: number }[][] = []
  for (const rule of rules) {
    const before = runs
      .filter(run => run.at(-1)!.index < rule.index)
      .reduce<{ key: string; index: number }[]>((a, b) => (a.length < b.length ? b : a), [])
    runs.push([...before, rule])
  }
  const longest = runs.reduce((a, b) => (a.length < b.length ? b : a), [])
  return new Set(longest.map(({ key }) => key))
}

export interface Words {
  text: string
  /** Only in the later sentence, only in the earlier one, or in both. */
  in: 'both' | 'after' | 'before'
}

/** Two sentences as one: what stayed, what came and what went, word by word. */
export function wordsBetween(before: string, after: string): Words[] {
  const [old, fresh] = [pieces(before), pieces(after)]
  // The longest common run of words, by the lengths of those of all endings.
  const lengths = Array.from({ length: old.length + 1 }, () =>
    new Array<number>(fresh.length + 1).fill(0),
  )
  for (let i = old.length - 1; 0 <= i; i--) {
    for (let j = fresh.length - 1; 0 <= j; j--) {
      lengths[i]![j] =
        old[i] === fresh[j]
          ? lengths[i + 1]![j + 1]! + 1
          : Math.max(lengths[i + 1]![j]!, lengths[i]![j + 1]!)
    }
  }
  const words: Words[] = []
  const put = (text: string, where: Words['in']) => {
    const last = words.at(-1)
    if (last?.in === where) last.text += text
    else words.push({ text, in: where })
  }
  let [i, j] = [0, 0]
  while (i < old.length || j < fresh.length) {
    if (i < old.length && j < fresh.length && old[i] === fresh[j]) {
      put(old[i]!, 'both')
      i++
      j++
    } else if (
      i < old.length &&
      (j === fresh.length || lengths[i]![j + 1]! <= lengths[i + 1]![j]!)
    ) {
      put(old[i]!, 'before')
      i++
    } else {
      put(fresh[j]!, 'after')
      j++
    }
  }
  return words
}

/** Words, each with the space before it. */
const pieces = (text: string) => text.match(/\s*\S+/g) ?? []

/** Whether two changes of the same plan touch no rule in common, so that both can be had. */
export function merged(base: Plan, mine: Plan, theirs: Plan): Plan | undefined {
  const [ours, others] = [differenceOf(base, mine), differenceOf(base, theirs)]
  const touched = (difference: Difference) => new Set(difference.rules.map(({ rule }) => rule.key))
  const both = [...touched(ours)].some(key => touched(others).has(key))
  const orders = (difference: Difference) => difference.rules.some(({ kind }) => kind === 'moved')
  if (both || (orders(ours) && orders(others))) return undefined
  if ((ours.destination && others.destination) || (ours.defaultSplit && others.defaultSplit)) {
    return undefined
  }
  // Whoever moved rules gives the order; the other's rules are put in where they stood.
  const [lead, follow] = orders(others) ? [theirs, mine] : [mine, theirs]
  const change = orders(others) ? ours : others
  let rules = [...lead.rules]
  for (const one of change.rules) {
    if (one.kind === 'changed') {
      rules = rules.map(rule => (rule.key === one.rule.key ? one.rule : rule))
    } else if (one.kind === 'removed') {
      rules = rules.filter(({ key }) => key !== one.rule.key)
    } else if (one.kind === 'added') {
      const before = follow.rules[one.position - 2]
      const index = before ? rules.findIndex(({ key }) => key === before.key) + 1 : 0
      rules.splice(index, 0, one.rule)
    }
  }
  return {
    destination: (ours.destination ? mine : theirs).destination,
    defaultSplit: (ours.defaultSplit ? mine : theirs).defaultSplit,
    rules,
  }
}
