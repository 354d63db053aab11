/** What of a draft is not on the server yet, kept in this browser. */
import type { Link } from '~/links/link'
import { freshKey, type Plan } from '../plan'
import { begun, type Saved, type State } from './state'

interface Kept {
  plan: Plan
  base: number
  version: number | null
}

const nameOf = (id: string) => `waypost-draft-${id}`

export function keep(id: string, { plan, base, version }: State) {
  try {
    localStorage.setItem(nameOf(id), JSON.stringify({ plan, base, version } satisfies Kept))
  } catch {
    // Storage is full or turned off: it is kept as long as the page is.
  }
}

export function forget(id: string) {
  try {
    localStorage.removeItem(nameOf(id))
  } catch {
    // As above.
  }
}

/** What was not sent when this browser was last here. */
export function recalled(link: Link, saved: Saved | null): State | undefined {
  let kept: Kept
  try {
    kept = JSON.parse(localStorage.getItem(nameOf(link.id)) ?? 'null')
  } catch {
    return undefined
  }
  if (!kept?.plan?.rules) return undefined
  const state = begun(link, saved)
  // Keys of what was new may be given out again.
  const rules = kept.plan.rules.map(rule =>
    state.ids.has(rule.key) ? rule : { ...rule, key: freshKey() },
  )
  return {
    ...state,
    plan: { ...kept.plan, rules },
    past: [state.plan],
    base: kept.base,
    version: saved ? kept.version : null,
    keeping: 'waiting',
  }
}
