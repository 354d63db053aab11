/** The weights of the split that an explanation ended in. */
import type { Explained } from './explained'

interface Plan {
  defaultSplit?: readonly { weight: number }[] | null
  rules: readonly { id: string; action: unknown }[]
}

export function weightsOf(plan: Plan, { rule, outcome }: Explained): number[] | undefined {
  if (outcome === 'split') return plan.defaultSplit?.map(({ weight }) => weight)
  const action = plan.rules.find(({ id }) => id === rule)?.action
  const { split } = (action ?? {}) as { split?: { weight: number }[] }
  return split?.map(({ weight }) => weight)
}
