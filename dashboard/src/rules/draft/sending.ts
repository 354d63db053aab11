/** Takes a draft to the server: a moment after its last change, one call after the other. */
import { api, got, type Schemas } from '~/api/client'
import { Problem } from '~/api/problem'
import { queries } from '~/api/query'
import { draftQuery, linkQuery } from '~/links/link'
import { isFinished } from '../fields'
import { type Plan, same, wired } from '../plan'
import { vocabularyQuery } from '../vocabulary'
import { forget, keep } from './kept'
import { put, type State, stateOf, stripped } from './state'

/** So long after the last change it is sent. */
const SEND_MS = 600

const timers = new Map<string, ReturnType<typeof setTimeout>>()
const sending = new Map<string, Promise<void>>()

export function isSending(id: string): boolean {
  return sending.has(id)
}

/** Keeps a change here, and sends it soon. */
export function changeTo(id: string, state: State) {
  put(id, { ...state, keeping: state.keeping === 'stale' ? 'stale' : 'waiting' })
  keep(id, state)
  clearTimeout(timers.get(id))
  timers.set(
    id,
    setTimeout(() => void send(id), SEND_MS),
  )
}

/** Sends what waits, and waits for it. */
export async function flush(id: string): Promise<void> {
  clearTimeout(timers.get(id))
  await sending.get(id)
  if (stateOf(id)?.keeping === 'waiting') await send(id)
}

export function send(id: string): Promise<void> {
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
  const state = stateOf(id)
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
    const ids = new Map(stateOf(id)?.ids)
    plan.rules.forEach(({ key }, index) => {
      const rule = saved.rules[index]
      if (rule) ids.set(key, rule.id)
    })
    settle(id, plan, { version: saved.version, base: saved.base, ids, rebased: false })
    queries.setQueryData(draftQuery(id).queryKey, saved)
  } catch (error) {
    const now = stateOf(id)!
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
  const now = stateOf(id)!
  const done = now.plan === sent
  put(id, {
    ...now,
    ...change,
    faults: [],
    problem: undefined,
    keeping: done ? 'saved' : 'waiting',
  })
  if (done) forget(id)
  else keep(id, stateOf(id)!)
}

/** A rule that neither the link nor its draft has any more comes back as a new one. */
export function isKnown(id: string, rule: string): boolean {
  const link = queries.getQueryData(linkQuery(id).queryKey)?.link
  const saved = queries.getQueryData(draftQuery(id).queryKey)
  return [...(link?.rules ?? []), ...(saved?.rules ?? [])].some(known => known.id === rule)
}
