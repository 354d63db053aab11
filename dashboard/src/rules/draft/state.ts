/** What is known of each link's draft, in a list outside of React. */
import { useSyncExternalStore } from 'react'
import type { Schemas } from '~/api/client'
import type { Fault } from '~/api/problem'
import type { Link } from '~/links/link'
import { type Plan, planOf, ruleAt, same, wired } from '../plan'

export type Saved = Schemas['Draft']

export interface State {
  /** What visitors get. */
  live: Plan
  plan: Plan
  past: readonly Plan[]
  future: readonly Plan[]
  /** The link's revision now, and the one that the draft was begun from. */
  revision: number
  base: number
  /** Whether the server still has to be told of another base. */
  rebased?: boolean
  /** Of the draft on the server; none there is null. */
  version: number | null
  /** Ids of rules that the server knows, by their keys here. */
  ids: ReadonlyMap<string, string>
  keeping: Keeping
  /** What the server does not take, by place. */
  faults: readonly Fault[]
  problem?: Error
  /** What somebody else saved as the draft meanwhile. */
  theirs?: Saved
}

/** `here`: in this browser alone, since it lacks something; `saved` on the server. */
export type Keeping = 'saved' | 'waiting' | 'sending' | 'here' | 'failed' | 'stale'

const drafts = new Map<string, State>()
const listeners = new Set<() => void>()

export function useStateOf(id: string): State | undefined {
  return useSyncExternalStore(subscribe, () => drafts.get(id))
}

export function stateOf(id: string): State | undefined {
  return drafts.get(id)
}

export function put(id: string, state: State) {
  drafts.set(id, state)
  tell()
}

function tell() {
  for (const listener of listeners) listener()
}

function subscribe(listener: () => void) {
  listeners.add(listener)
  return () => {
    listeners.delete(listener)
  }
}

/** Has the draft be what the server has; what was here is a step back. */
export function adopt(id: string, link: Link, saved: Saved | null) {
  const before = drafts.get(id)
  const next = begun(link, saved)
  const past = before && !same(before.plan, next.plan) ? [...before.past, before.plan] : []
  put(id, { ...next, ids: new Map([...(before?.ids ?? []), ...next.ids]), past: saved ? past : [] })
}

export function begun(link: Link, saved: Saved | null | undefined): State {
  const live = planOf(link)
  const plan = saved ? planOf(saved) : live
  return {
    live,
    plan,
    past: [],
    future: [],
    revision: link.revision,
    base: saved?.base ?? link.revision,
    version: saved?.version ?? null,
    ids: withIds(withIds(new Map(), live), plan),
    keeping: 'saved',
    faults: [],
  }
}

export function withIds(ids: ReadonlyMap<string, string>, plan: Plan): Map<string, string> {
  return new Map([...ids, ...plan.rules.map(({ key }): [string, string] => [key, key])])
}

/** A plan without the keys that only we know: the same rule, made twice, is the same. */
export function stripped(plan: Plan) {
  return wired(plan, key => (key.startsWith('new-') ? undefined : key))
}

/** As a change of the link: of the rules' ids, it knows those alone that are live. */
export function wireOf({ plan, live, ids }: Pick<State, 'plan' | 'live' | 'ids'>) {
  return wired(plan, key => (ruleAt(live, key) ? ids.get(key) : undefined))
}
