/** A change that is tried right here: the link's rules with a few edits, none of them saved. */
import type { Schemas } from '~/api/client'
import type { Change } from '~/try/tests'

export type Rule = Schemas['Rule']

export interface Plan {
  destination: string
  defaultSplit?: Schemas['Variant'][] | null
  rules: readonly Rule[]
}

export const planOf = ({ destination, defaultSplit, rules }: Plan): Plan => ({
  destination,
  defaultSplit,
  rules,
})

export function toggled(plan: Plan, id: string): Plan {
  const turn = (rule: Rule) => (rule.id === id ? { ...rule, enabled: !rule.enabled } : rule)
  return { ...plan, rules: plan.rules.map(turn) }
}

export function moved(plan: Plan, id: string, by: number): Plan {
  const at = plan.rules.findIndex(rule => rule.id === id)
  const to = at + by
  const rule = plan.rules[at]
  if (!rule || to < 0 || plan.rules.length <= to) return plan
  return { ...plan, rules: plan.rules.toSpliced(at, 1).toSpliced(to, 0, rule) }
}

export function removed(plan: Plan, id: string): Plan {
  return { ...plan, rules: plan.rules.filter(rule => rule.id !== id) }
}

/** A new rule before all others, where it is sure to be asked. */
export function begun(plan: Plan, rule: Omit<Rule, 'id' | 'priority'>): Plan {
  const id = `${NEW}${plan.rules.length}`
  return { ...plan, rules: [{ ...rule, id } as Rule, ...plan.rules] }
}

/** What a rule is called that the server has not named yet. */
const NEW = 'new-'
export const isNew = ({ id }: Rule) => id.startsWith(NEW)

/** As the API takes it: priorities are left out, since the order of the list is the order. */
export function changeBy({ destination, defaultSplit, rules }: Plan): Change {
  const sent = rules.map(rule => {
    const { priority: _, id, ...rest } = rule
    return isNew(rule) ? rest : { ...rest, id }
  })
  return { destination, defaultSplit, rules: sent as Change['rules'] }
}

export function isSame(a: Plan, b: Plan): boolean {
  return JSON.stringify(planOf(a)) === JSON.stringify(planOf(b))
}
