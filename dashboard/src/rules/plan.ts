/** A link's destination and rules as they are edited, and what can be done to them. Pure. */
import type { Action, Variant } from './sentence'
import type { When } from './tree'

export interface Plan {
  destination: string
  defaultSplit: readonly Variant[] | null
  rules: readonly Rule[]
}

/** A rule on the page. New ones have no id yet, so each has a key of its own. */
export interface Rule {
  key: string
  name: string
  enabled: boolean
  when: When
  action: Action
  description?: string | null
  timezone?: string | null
  /** 0 are rules that somebody wrote; others keep their fixed place behind them. */
  tier?: number | null
}

/** What the API answers of links, drafts and revisions alike. */
export interface Stored {
  destination: string
  defaultSplit?: readonly Variant[] | null
  rules: readonly unknown[]
}

interface StoredRule extends Omit<Rule, 'key'> {
  id: string
}

/** A rule as the API takes it in a list that replaces all. */
export interface WireRule extends Omit<Rule, 'key'> {
  id?: string
}

export function planOf({ destination, defaultSplit, rules }: Stored): Plan {
  return {
    destination,
    defaultSplit: defaultSplit ?? null,
    rules: (rules as readonly StoredRule[]).map(
      ({ id, name, enabled, when, action, description, timezone, tier }) => ({
        key: id,
        name,
        enabled,
        when,
        action,
        ...(description ? { description } : {}),
        ...(timezone ? { timezone } : {}),
        ...(tier ? { tier } : {}),
      }),
    ),
  }
}

/** As it is sent: their order is the array's, so priorities are left to the server. */
export function wired(plan: Plan, idOf: (key: string) => string | undefined) {
  return {
    destination: plan.destination,
    defaultSplit: plan.defaultSplit,
    rules: plan.rules.map(({ key, ...rule }): WireRule => {
      const id = idOf(key)
      return id ? { id, ...rule } : rule
    }),
  }
}

export function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b)
}

export function tierOf(rule: Rule): number {
  return rule.tier ?? 0
}

export function ruleAt(plan: Plan, key: string): Rule | undefined {
  return plan.rules.find(rule => rule.key === key)
}

export function withRule(plan: Plan, key: string, change: Partial<Rule>): Plan {
  return {
    ...plan,
    rules: plan.rules.map(rule => {
      if (rule.key !== key) return rule
      const next = { ...rule, ...change }
      // What is not set is not there, so that what was set and unset again is no change.
      if (!next.description) delete next.description
      if (!next.timezone) delete next.timezone
      return next
    }),
  }
}

/** With a rule at an index, as far as its tier lets it stand there. */
export function withNew(plan: Plan, rule: Rule, index = plan.rules.length): Plan {
  const rules = [...plan.rules]
  rules.splice(clamped(plan.rules, rule, index), 0, rule)
  return { ...plan, rules }
}

export function without(plan: Plan, key: string): Plan {
  return { ...plan, rules: plan.rules.filter(rule => rule.key !== key) }
}

/** The plan with a rule at another place: an index among all rules, once it is taken out. */
export function moved(plan: Plan, key: string, to: number): Plan {
  const rule = ruleAt(plan, key)
  if (!rule) return plan
  const rest = without(plan, key)
  return withNew(rest, rule, Math.min(Math.max(to, 0), rest.rules.length))
}

/** Rules of a higher tier come after all of a lower one, whatever anybody says. */
function clamped(rules: readonly Rule[], rule: Rule, index: number): number {
  const tier = tierOf(rule)
  const first = rules.filter(other => tierOf(other) < tier).length
  const last = rules.filter(other => tierOf(other) <= tier).length
  return Math.min(Math.max(index, first), last)
}

let fresh = 0

/** A key that no stored rule has. */
export function freshKey(): string {
  return `new-${Date.now().toString(36)}-${++fresh}`
}
