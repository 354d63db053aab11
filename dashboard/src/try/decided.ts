/** What of a plan an explanation ended in: the destination as it was written, and the split's weights. */
import type { Explained } from './explained'

interface Way {
  weight: number
  redirect: string
}

interface Plan {
  destination: string
  defaultSplit?: readonly Way[] | null
  rules: readonly { id: string; action: unknown }[]
}

interface Decided {
  /** As its author wrote it, with its slots; none where a page is shown. */
  destination?: string
  weights?: number[]
}

export function decidedIn(plan: Plan, { rule, variant, goesTo }: Explained): Decided {
  const action = plan.rules.find(({ id }) => id === rule)?.action
  const { redirect, split } = (action ?? {}) as { redirect?: string; split?: Way[] }
  const ways = action ? split : plan.defaultSplit
  if (ways?.length) {
    return {
      destination: ways[variant ?? 0]?.redirect,
      weights: ways.map(({ weight }) => weight),
    }
  }
  if (action) return { destination: redirect }
  return goesTo ? { destination: plan.destination } : {}
}
