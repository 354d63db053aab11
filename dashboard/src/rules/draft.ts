/**
 * The draft of a link's rules: edited here, kept in this browser at once and on the server as soon as
 * it says enough to be saved there. It outlives the page, so leaving loses nothing.
 *
 * One draft a link, in a list outside of React: the rules, Try it and What if all read the same.
 */
import { useSuspenseQuery } from '@tanstack/react-query'
import { useEffect, useSyncExternalStore } from 'react'
import { api, got, type Schemas } from '~/api/client'
import { type Fault, Problem } from '~/api/problem'
import { queries } from '~/api/query'
import { draftQuery, type Link, linkQuery, useLink } from '~/links/link'
import { isFinished } from './fields'
import { freshKey, type Plan, planOf, ruleAt, same, type WireRule, wired } from './plan'
import { vocabularyQuery } from './vocabulary'

type Saved = Schemas['Draft']

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

/** So long after the last change it is sent. */
const SEND_MS = 600
/** Changes of one thing within this time are one step back. */
const STEP_MS = 900
const MOST_STEPS = 200

const drafts = new Map<string, State>()
const listeners = new Set<() => void>()
const timers = new Map<string, ReturnType<typeof setTimeout>>()
const sending = new Map<string, Promise<void>>()
let lastEdit = { what: '', at: 0 }

export interface Draft extends State {
  link: Link
  /** Whether visitors would notice a publication. */
  changed: boolean
  /** `what` groups changes that are one step back. */
  edit: (change: (plan: Plan) => Plan, what?: string) => void
  undo: () => boolean
  redo: () => boolean
  idOf: (key: string) => string | undefined
}

/** The draft of the link that the address names. */
export function useDraft(): Draft {
  const { link } = useLink()
  const { data: saved } = useSuspenseQuery(draftQuery(link.id))
  // What another tab or another person saved comes in while nothing waits here.
  useEffect(() => sync(link, saved), [link, saved])
  const state = useSyncExternalStore(subscribe, () => drafts.get(link.id)) ?? begun(link, saved)
  useEffect(() => {
    const leave = (event: BeforeUnloadEvent) => {
      // In this browser it is kept already; only what is on its way is waited for.
      if (sending.has(link.id)) event.preventDefault()
    }
    window.addEventListener('beforeunload', leave)
    return () => window.removeEventListener('beforeunload', leave)
  }, [link.id])
  return {
    ...state,
    link,
    changed: !same(stripped(state.plan), stripped(state.live)),
    edit: (change, what) => edit(link.id, change, what),
    undo: () => step(link.id, 'past'),
    redo: () => step(link.id, 'future'),
    idOf: key => state.ids.get(key),
  }
}

/** A plan without the keys that only we know: the same rule, made twice, is the same. */
function stripped(plan: Plan) {
  return wired(plan, key => (key.startsWith('new-') ? undefined : key))
}

/** As a change of the link: of the rules' ids, it knows those alone that are live. */
export function wireOf({ plan, live, ids }: Pick<State, 'plan' | 'live' | 'ids'>) {
  return wired(plan, key => (ruleAt(live, key) ? ids.get(key) : undefined))
}

/** Has the draft be what it was on the server; for a failure that is over. */
export function retry(id: string) {
  const state = drafts.get(id)
  if (state) put(id, { ...state, keeping: 'waiting', problem: undefined })
  void send(id)
}

/** Ends a conflict: what is here goes over what somebody else saved. */
export function keepMine(id: string) {
  const state = drafts.get(id)
  if (!state?.theirs) return
  put(id, { ...state, version: state.theirs.version, theirs: undefined, keeping: 'waiting' })
  void send(id)
}

/** Ends a conflict: what somebody else saved is taken; a step back brings back what was here. */
export function takeTheirs(id: string) {
  const state = drafts.get(id)
  if (!state?.theirs) return
  const { theirs } = state
  const plan = planOf(theirs)
  forget(id)
  put(id, {
    ...state,
    plan,
    past: [...state.past, state.plan],
    future: [],
    ids: withIds(state.ids, plan),
    version: theirs.version,
    base: theirs.base,
    theirs: undefined,
    faults: [],
    keeping: 'saved',
  })
  queries.setQueryData(draftQuery(id).queryKey, theirs)
}

/** Throws the draft away, on the server too. Answers what brings it back. */
export async function discard(id: string): Promise<() => void> {
  await flush(id)
  const state = drafts.get(id)!
  forget(id)
  if (state.version !== null) {
    await got(api.DELETE('/api/v1/links/{link}/draft', { params: { path: { link: id } } }))
  }
  queries.setQueryData(draftQuery(id).queryKey, null)
  put(id, {
    ...state,
    plan: state.live,
    past: [],
    future: [],
    version: null,
    base: state.revision,
    theirs: undefined,
    faults: [],
    problem: undefined,
    keeping: 'saved',
  })
  return () => edit(id, () => state.plan)
}

/** Publishes; `force` also over a revision that was made since, and over failing tests. */
export async function publish(id: string, force: boolean, note?: string): Promise<Link> {
  await flush(id)
  const { version, keeping, problem, faults } = drafts.get(id)!
  if (keeping === 'here') throw new Problem(422, faults[0]?.detail ?? '', { errors: [...faults] })
  if (keeping === 'failed' && problem) throw problem
  const call = api.POST('/api/v1/links/{link}/draft/publish', {
    params: {
      path: { link: id },
      query: force ? { force: true } : {},
      header: version === null ? {} : { 'If-Match': `"${version}"` },
    },
    ...(note ? { body: { note } as never } : {}),
  })
  const link = await got(call)
  forget(id)
  // Before anybody looks at the draft again, the link is the published one.
  queries.setQueryData(linkQuery(id).queryKey, before => before && { ...before, link })
  adopt(id, link, null)
  queries.setQueryData(draftQuery(id).queryKey, null)
  await queries.invalidateQueries({ queryKey: ['link', id] })
  return link
}

/** Has the draft stand on the link's revision of now, with a plan that took in what came between. */
export function rebase(id: string, plan: Plan) {
  const state = drafts.get(id)
  if (!state) return
  const next = {
    ...state,
    plan,
    base: state.revision,
    past: [...state.past, state.plan],
    future: [],
  }
  changeTo(id, { ...next, rebased: true })
}

/** Throws away a draft on the server whose page may not be open. */
export async function discardSaved(id: string): Promise<void> {
  await got(api.DELETE('/api/v1/links/{link}/draft', { params: { path: { link: id } } }))
  forget(id)
  const link = queries.getQueryData(linkQuery(id).queryKey)?.link
  if (link) adopt(id, link, null)
  queries.setQueryData(draftQuery(id).queryKey, null)
}

/** Puts a plan on the server as the draft, for a link whose page may not be open. */
export async function saveDraft(id: string, plan: Plan): Promise<Saved> {
  const body = wired(plan, key => (isKnown(id, key) ? key : undefined))
  const saved = await got(
    api.PUT('/api/v1/links/{link}/draft', {
      params: { path: { link: id } },
      body: body as Schemas['DraftChange'],
    }),
  )
  forget(id)
  const link = queries.getQueryData(linkQuery(id).queryKey)?.link
  if (link) adopt(id, link, saved)
  queries.setQueryData(draftQuery(id).queryKey, saved)
  return saved
}

/** A rule that neither the link nor its draft has any more comes back as a new one. */
function isKnown(id: string, rule: string): boolean {
  const link = queries.getQueryData(linkQuery(id).queryKey)?.link
  const saved = queries.getQueryData(draftQuery(id).queryKey)
  return [...(link?.rules ?? []), ...(saved?.rules ?? [])].some(known => known.id === rule)
}

/** Sends what waits, and waits for it. */
export async function flush(id: string): Promise<void> {
  clearTimeout(timers.get(id))
  await sending.get(id)
  if (drafts.get(id)?.keeping === 'waiting') await send(id)
}

function edit(id: string, change: (plan: Plan) => Plan, what = '') {
  const state = drafts.get(id)
  const plan = state && change(state.plan)
  if (!state || !plan || same(state.plan, plan)) return
  const now = Date.now()
  const goesOn = what !== '' && what === lastEdit.what && now - lastEdit.at < STEP_MS
  lastEdit = { what, at: now }
  const past = goesOn ? state.past : [...state.past.slice(1 - MOST_STEPS), state.plan]
  changeTo(id, { ...state, plan, past, future: [] })
}

function step(id: string, where: 'past' | 'future'): boolean {
  const state = drafts.get(id)
  const plan = state?.[where].at(-1)
  if (!state || !plan) return false
  const rest = state[where].slice(0, -1)
  lastEdit = { what: '', at: 0 }
  changeTo(
    id,
    where === 'past'
      ? { ...state, plan, past: rest, future: [...state.future, state.plan] }
      : { ...state, plan, future: rest, past: [...state.past, state.plan] },
  )
  return true
}

function changeTo(id: string, state: State) {
  put(id, { ...state, keeping: state.keeping === 'stale' ? 'stale' : 'waiting' })
  keep(id, state)
  clearTimeout(timers.get(id))
  timers.set(
    id,
    setTimeout(() => void send(id), SEND_MS),
  )
}

function send(id: string): Promise<void> {
  const before = sending.get(id) ?? Promise.resolve()
  const work = before
    .then(() => sendNow(id))
    .finally(() => {
      if (sending.get(id) === work) sending.delete(id)
    })
  sending.set(id, work)
  return work
}

async function sendNow(id: string): Promise<void> {
  const state = drafts.get(id)
  if (!state || state.keeping === 'stale' || state.keeping === 'saved') return
  const { plan, version } = state
  const vocabulary = queries.getQueryData(vocabularyQuery.queryKey)
  if (vocabulary && !plan.rules.every(rule => isFinished(vocabulary, rule))) {
    put(id, { ...state, keeping: 'here', faults: [] })
    return
  }
  put(id, { ...state, keeping: 'sending' })
  const path = { link: id }
  const header = version === null ? {} : { 'If-Match': `"${version}"` }
  try {
    if (same(stripped(plan), stripped(state.live)) && state.base === state.revision) {
      // Nothing is left of it: a draft that changes nothing is none.
      if (version !== null)
        await got(api.DELETE('/api/v1/links/{link}/draft', { params: { path } }))
      settle(id, plan, { version: null })
      queries.setQueryData(draftQuery(id).queryKey, null)
      return
    }
    const body = {
      ...wired(plan, key => {
        const rule = state.ids.get(key)
        return rule !== undefined && isKnown(id, rule) ? rule : undefined
      }),
      ...(version === null || state.rebased ? { base: state.base } : {}),
    }
    const saved = await got(
      api.PUT('/api/v1/links/{link}/draft', {
        params: { path, header },
        body: body as Schemas['DraftChange'],
      }),
    )
    // What was new when it was sent has an id now.
    const ids = new Map(drafts.get(id)?.ids)
    plan.rules.forEach(({ key }, index) => {
      const rule = saved.rules[index]
      if (rule) ids.set(key, rule.id)
    })
    settle(id, plan, { version: saved.version, base: saved.base, ids, rebased: false })
    queries.setQueryData(draftQuery(id).queryKey, saved)
  } catch (error) {
    const now = drafts.get(id)!
    const problem = error instanceof Error ? error : new Error(String(error))
    const status = problem instanceof Problem ? problem.status : 0
    if (status === 412) {
      const theirs = await queries.fetchQuery({ ...draftQuery(id), staleTime: 0 })
      if (theirs) put(id, { ...now, keeping: 'stale', theirs })
      // It was published or thrown away meanwhile: this is a draft of its own.
      else {
        put(id, { ...now, keeping: 'waiting', version: null })
        await sendNow(id)
      }
    } else if (status === 422) {
      const faults = (problem as Problem).faults
      put(id, { ...now, keeping: now.plan === plan ? 'here' : 'waiting', faults })
    } else {
      put(id, { ...now, keeping: 'failed', problem })
    }
  }
}

/** What was sent is saved; what was changed since then still waits. */
function settle(id: string, sent: Plan, change: Partial<State>) {
  const now = drafts.get(id)!
  const done = now.plan === sent
  put(id, {
    ...now,
    ...change,
    faults: [],
    problem: undefined,
    keeping: done ? 'saved' : 'waiting',
  })
  if (done) forget(id)
  else keep(id, drafts.get(id)!)
}

/** Takes in what the server has, unless something here waits to be sent. */
function sync(link: Link, saved: Saved | null) {
  const state = drafts.get(link.id)
  if (!state) {
    drafts.set(link.id, recalled(link, saved) ?? begun(link, saved))
    tell()
    if (drafts.get(link.id)?.keeping === 'waiting') void send(link.id)
    return
  }
  if (sending.has(link.id)) return
  if (state.keeping !== 'saved') {
    if (state.revision !== link.revision) {
      put(link.id, { ...state, revision: link.revision, live: planOf(link) })
    }
    return
  }
  const known = state.version === (saved?.version ?? null) && state.revision === link.revision
  if (!known) adopt(link.id, link, saved)
}

function adopt(id: string, link: Link, saved: Saved | null) {
  const before = drafts.get(id)
  const next = begun(link, saved)
  const past = before && !same(before.plan, next.plan) ? [...before.past, before.plan] : []
  put(id, { ...next, ids: new Map([...(before?.ids ?? []), ...next.ids]), past: saved ? past : [] })
}

function begun(link: Link, saved: Saved | null | undefined): State {
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

function withIds(ids: ReadonlyMap<string, string>, plan: Plan): Map<string, string> {
  return new Map([...ids, ...plan.rules.map(({ key }): [string, string] => [key, key])])
}

interface Kept {
  plan: Plan
  base: number
  version: number | null
}

const nameOf = (id: string) => `waypost-draft-${id}`

function keep(id: string, { plan, base, version }: State) {
  try {
    localStorage.setItem(nameOf(id), JSON.stringify({ plan, base, version } satisfies Kept))
  } catch {
    // Storage is full or turned off: it is kept as long as the page is.
  }
}

function forget(id: string) {
  try {
    localStorage.removeItem(nameOf(id))
  } catch {
    // As above.
  }
}

/** What was not sent when this browser was last here. */
function recalled(link: Link, saved: Saved | null): State | undefined {
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

function put(id: string, state: State) {
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

export type { WireRule }
