/** What the rules of both sides are called, and where they send. */

import { short } from '~/rules/addresses'
import { destinations } from '~/visitors/asked'
import { ELSE, UNKNOWN } from './flow'
import type { Plan } from './plan'
import type { Goes } from './replay'
import type { WhatIfTexts } from './texts'

export interface Named {
  name: string
  /** Where it sends, shortly. */
  to?: string
}

/** The name of a rule by its id, as the plan has it; `1 Bavaria`. */
export function namer(plan: Plan, t: WhatIfTexts, others: ReadonlyMap<string, string> = new Map()) {
  return (id: string): Named => {
    if (id === UNKNOWN) return { name: t.untold }
    if (id === ELSE) return { name: `∅ ${t.everyoneElse}`, to: short(plan.destination, 32) }
    const index = plan.rules.findIndex(rule => rule.id === id)
    const rule = plan.rules[index]
    if (!rule) return { name: others.get(id) ?? t.ruleBefore }
    const to = destinations(rule.action).map(url => short(url, 28))
    const name = `${index + 1} ${rule.name || t.unnamed}`
    return { name, to: to.length > 0 ? to.join(', ') : undefined }
  }
}

/** Where somebody ends up, in words. */
export function goesText(goes: Goes | null | undefined, t: WhatIfTexts): string {
  if (goes?.destination) return goes.destination
  return goes?.block ? t.page(goes.block) : t.nowhere
}
