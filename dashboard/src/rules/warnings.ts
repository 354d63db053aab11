/** What a warning says, and what can be done about it with one press. */
import { ruleOf, type Warning } from './analysis'
import { type Plan, type Rule, tierOf } from './plan'
import type { RulesTexts } from './texts'
import { isAll, isAny, isNot, isTest, type When } from './tree'

/** The server's sentences are English; other languages have their own, by kind. */
export function sentenceOfWarning(warning: Warning, t: RulesTexts): string {
  const { proof, kind } = warning
  const rules = (proof.rules ?? (proof.rule === undefined ? [] : [proof.rule])).map(n => n + 1)
  return t.warnings[kind]?.({ rules, values: proof.values ?? [] }) ?? warning.message
}

export type Fix =
  | { kind: 'moveAbove'; to: number }
  | { kind: 'turnOff' }
  | { kind: 'show'; rule: number }
  | { kind: 'delete' }
  | { kind: 'dropValues'; values: string[] }
  | { kind: 'geo' }
  | { kind: 'settings' }

/** What may help, the likeliest first. */
export function fixesOf(warning: Warning, plan: Plan): Fix[] {
  const index = ruleOf(warning.at)
  const rule = index === undefined ? undefined : plan.rules[index]
  if (!rule || index === undefined) {
    return warning.kind === 'permanentStatus' ? [{ kind: 'settings' }] : []
  }
  const before = [...(warning.proof.rules ?? [])].filter(other => other !== index)
  const first = Math.min(...before)
  const above: Fix[] =
    Number.isFinite(first) && plan.rules[first] && tierOf(plan.rules[first]) === tierOf(rule)
      ? [{ kind: 'moveAbove', to: first }]
      : []
  const show: Fix[] = Number.isFinite(first) ? [{ kind: 'show', rule: first }] : []
  switch (warning.kind) {
    case 'shadowed':
      return [...above, { kind: 'turnOff' }, ...show]
    case 'partlyShadowed': {
      const { values = [] } = warning.proof
      const drop: Fix[] = values.length > 0 ? [{ kind: 'dropValues', values }] : []
      return [...above, ...drop, ...show]
    }
    case 'duplicateRule': {
      const same = warning.proof.rule
      const other: Fix[] = same === undefined ? show : [{ kind: 'show', rule: same }]
      return [{ kind: 'delete' }, { kind: 'turnOff' }, ...other]
    }
    case 'neverMatches':
      return [{ kind: 'turnOff' }]
    case 'unknowable':
      return warning.severity === 'warning'
        ? [{ kind: 'geo' }, { kind: 'turnOff' }]
        : [{ kind: 'geo' }]
    case 'overridden':
      return show
    default:
      return []
  }
}

/** The conditions without these values, where something is left of them. */
export function withoutValues(when: When, values: readonly string[]): When {
  if (isTest(when)) {
    if (!Array.isArray(when.value)) return when
    const rest = when.value.filter(value => !values.includes(String(value)))
    return rest.length > 0 ? { ...when, value: rest } : when
  }
  if (isNot(when)) return when
  const parts = (isAll(when) ? when.all : isAny(when) ? when.any : []).map(part =>
    withoutValues(part, values),
  )
  return isAll(when) ? { all: parts } : { any: parts }
}

/** Dead is what no visitor reaches, proven: only then the brief lets us say never. */
export function isDead(warnings: readonly Warning[]): boolean {
  return warnings.some(
    ({ kind, certain, severity }) =>
      certain &&
      severity === 'warning' &&
      ['shadowed', 'neverMatches', 'duplicateRule'].includes(kind),
  )
}

/** The worst first: errors are told apart elsewhere. */
export function worst(warnings: readonly Warning[]): Warning | undefined {
  return [...warnings].sort((a, b) => rank(a) - rank(b))[0]
}

const rank = ({ severity, certain }: Warning) => (severity === 'warning' ? (certain ? 0 : 1) : 2)

export function isOff(rule: Rule): boolean {
  return !rule.enabled
}
