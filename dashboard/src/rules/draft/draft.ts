/**
 * The draft of a link's rules: edited here, kept in this browser at once and on the server as soon as
 * it says enough to be saved there. It outlives the page, so leaving loses nothing.
 *
 * One draft a link, in a list outside of React: the rules, Try it and What if all read the same.
 */
import { useSuspenseQuery } from '@tanstack/react-query'
import { useEffect } from 'react'
import { api, got, type Schemas } from '~/api/client'
import { Problem } from '~/api/problem'
import { queries } from '~/api/query'
import { draftQuery, type Link, linkQuery, useLink } from '~/links/link'
import { type Plan, planOf, same, wired } from '../plan'
import { forget, recalled } from './kept'
import { changeTo, flush, isKnown, isSending, send } from './sending'
import {
  adopt,
  begun,
  put,
  type Saved,
  type State,
  stateOf,
  stripped,
  useStateOf,
  withIds,
} from './state'

/** Changes of one thing within this time are one step back. */
const STEP_MS = 900
const MOST_STEPS = 200
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
  const state = useStateOf(link.id) ?? begun(link, saved)
  useEffect(() => {
    const leave = (event: BeforeUnloadEvent) => {
      // In this browser it is kept already; only what is on its way is waited for.
      if (isSending(link.id)) event.preventDefault()
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

/** Has the draft be what it was on the server; for a failure that is over. */
export function retry(id: string) {
  const state = stateOf(id)
  if (state) put(id, { ...state, keeping: 'waiting', problem: undefined })
  void send(id)
}

/** Ends a conflict: what is here goes over what somebody else saved. */
export function keepMine(id: string) {
  const state = stateOf(id)
  if (!state?.theirs) return
  put(id, { ...state, version: state.theirs.version, theirs: undefined, keeping: 'waiting' })
  void send(id)
}

/** Ends a conflict: what somebody else saved is taken; a step back brings back what was here. */
export function takeTheirs(id: string) {
  const state = stateOf(id)
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
  const state = stateOf(id)!
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
  const { version, keeping, problem, faults } = stateOf(id)!
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
  const state = stateOf(id)
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

function edit(id: string, change: (plan: Plan) => Plan, what = '') {
  const state = stateOf(id)
  const plan = state && change(state.plan)
  if (!state || !plan || same(state.plan, plan)) return
  const now = Date.now()
  const goesOn = what !== '' && what === lastEdit.what && now - lastEdit.at < STEP_MS
  lastEdit = { what, at: now }
  const past = goesOn ? state.past : [...state.past.slice(1 - MOST_STEPS), state.plan]
  changeTo(id, { ...state, plan, past, future: [] })
}

function step(id: string, where: 'past' | 'future'): boolean {
  const state = stateOf(id)
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

/** Takes in what the server has, unless something here waits to be sent. */
function sync(link: Link, saved: Saved | null) {
  const state = stateOf(link.id)
  if (!state) {
    put(link.id, recalled(link, saved) ?? begun(link, saved))
    if (stateOf(link.id)?.keeping === 'waiting') void send(link.id)
    return
  }
  if (isSending(link.id)) return
  if (state.keeping !== 'saved') {
    if (state.revision !== link.revision) {
      put(link.id, { ...state, revision: link.revision, live: planOf(link) })
    }
    return
  }
  const known = state.version === (saved?.version ?? null) && state.revision === link.revision
  if (!known) adopt(link.id, link, saved)
}
