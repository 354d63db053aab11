/** What an explanation says, read for people: true, false, unknown or not tried, and why. */
import type { Schemas } from '~/api/client'

export type Explained = Schemas['Explained']
export type ExplainedRule = Schemas['ExplainedRule']

/** A condition of an explanation: the generated type knows the shapes apart but not together. */
export interface Condition {
  outcome?: string | null
  lookedAt: boolean
  passedOverBecause?: string | null
  all?: Condition[]
  any?: Condition[]
  not?: Condition
  field?: string
  operator?: string
  value?: unknown
  timezone?: string | null
  saw?: string | null
  source?: string
  from?: Schemas['Origin'] | null
}

export type Mark = 'true' | 'false' | 'unknown' | 'untried'

export function markOf(condition: Condition): Mark {
  if (!condition.lookedAt) return 'untried'
  const { outcome } = condition
  return outcome === 'true' || outcome === 'false' || outcome === 'unknown' ? outcome : 'untried'
}

export function ruleMark(rule: ExplainedRule): Mark {
  if (!rule.enabled || !rule.reached || !rule.when) return 'untried'
  return markOf(rule.when as Condition)
}

export function partsOf({ all, any, not }: Condition): readonly Condition[] {
  return all ?? any ?? (not ? [not] : [])
}

/** The tests that settled it: of a group, those that the group agrees with. */
export function decisive(condition: Condition): Condition[] {
  if (condition.not) return decisive(condition.not)
  const parts = condition.all ?? condition.any
  if (!parts) return [condition]
  return parts.filter(part => part.lookedAt && part.outcome === condition.outcome).flatMap(decisive)
}

/** Why no rule after this was tried, in parts that can be said in any language. */
export type Passed =
  | { because: 'off' }
  | { because: 'matched'; rule: number; name: string }
  | { because: 'settled'; condition: number; outcome: 'true' | 'false' }
  | { because: 'other'; text: string }

export function passedOver(text: string): Passed {
  if (text === 'it is off') return { because: 'off' }
  const matched = /^rule (\d+) "(.*)" matched before$/.exec(text)
  if (matched) return { because: 'matched', rule: Number(matched[1]), name: matched[2]! }
  const settled = /^condition (\d+) of its group was (true|false)$/.exec(text)
  if (settled) {
    return {
      because: 'settled',
      condition: Number(settled[1]),
      outcome: settled[2] as 'true' | 'false',
    }
  }
  return { because: 'other', text }
}

/** Why a value is not known, and with it what can be done about that. */
export type Cure = 'geo' | 'address' | 'nowhere' | 'privacy' | 'say' | 'notKept' | 'agent'

export function cureOf({ outcome, from, saw, source }: Condition): Cure | undefined {
  if (outcome !== 'unknown' || !from) return undefined
  if (from.kind === 'notStated') return 'say'
  if (from.kind === 'stated') return 'notKept'
  if (from.kind !== 'nobody') return source === 'agent' || saw === 'unknown' ? 'agent' : undefined
  if (from.name === 'sec-gpc' || from.name === 'dnt') return 'privacy'
  if (from.text.startsWith('no loaded source')) return 'geo'
  if (from.text.startsWith('no source knows')) return 'nowhere'
  return 'address'
}

/** Which of the rules decided, from 1. */
export function winnerOf({
  rule,
  rules,
}: {
  rule?: string | null
  rules: readonly ExplainedRule[]
}) {
  const index = rules.findIndex(({ id }) => id === rule)
  return index < 0 ? undefined : index + 1
}
