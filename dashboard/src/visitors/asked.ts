/** Which facts of a visitor a link's rules and destinations read: all others make no difference. */

interface Rule {
  enabled?: boolean
  when: unknown
  timezone?: string | null
  action: unknown
}

interface Plan {
  destination: string
  defaultSplit?: readonly { redirect: string }[] | null
  rules: readonly Rule[]
}

/** Fields by name, in the order in which the rules read them. */
export function askedBy(plan: Plan): string[] {
  const asked = new Set<string>()
  const slots = (text: string) => {
    for (const [, name] of text.matchAll(/\{([a-z][\w.-]*)\}/gi)) asked.add(name!)
  }
  for (const rule of plan.rules) {
    if (rule.enabled === false) continue
    gather(rule.when, asked)
    for (const to of destinations(rule.action)) slots(to)
  }
  slots(plan.destination)
  for (const { redirect } of plan.defaultSplit ?? []) slots(redirect)
  return [...asked]
}

/** Clocks are read from the moment of the click and the zone that holds. */
export const CLOCKS: ReadonlySet<string> = new Set(['hour', 'time', 'dayOfWeek', 'date'])

/** The facts to ask for: clocks follow from the moment, and where no rule says whose, from the zone. */
export function toAsk(plans: readonly Plan[]): string[] {
  const asked = [...new Set(plans.flatMap(askedBy))]
  // Who is new is not back: one question for both.
  const once = asked.map(field => (field === 'isReturning' ? 'isNewVisitor' : field))
  const facts = [...new Set(once)].filter(field => !CLOCKS.has(field))
  const needsZone = plans.some(({ rules }) =>
    rules.some(rule => !rule.timezone && askedBy({ destination: '', rules: [rule] }).some(isClock)),
  )
  if (needsZone && !facts.includes('timezone')) facts.push('timezone')
  return facts
}

const isClock = (field: string) => CLOCKS.has(field)

function gather(when: unknown, into: Set<string>) {
  if (typeof when !== 'object' || when === null) return
  const part = when as Record<string, unknown>
  if (typeof part.field === 'string') into.add(part.field)
  for (const key of ['all', 'any']) {
    const parts = part[key]
    if (Array.isArray(parts)) for (const inner of parts) gather(inner, into)
  }
  if (part.not) gather(part.not, into)
}

export function destinations(action: unknown): string[] {
  const { redirect, split } = (action ?? {}) as { redirect?: unknown; split?: unknown }
  if (typeof redirect === 'string') return [redirect]
  if (!Array.isArray(split)) return []
  return split.map(way => String((way as { redirect?: unknown }).redirect ?? ''))
}
