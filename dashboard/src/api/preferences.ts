/**
 * Settings that follow a member from browser to browser, as one object that the server keeps.
 *
 * Where the server keeps none (an older one, or a caller by key), this browser does, and the page
 * says so.
 */
import { queryOptions, useQuery, useQueryClient } from '@tanstack/react-query'
import { useCallback } from 'react'
import { Problem, problemOf } from './problem'

type Values = Readonly<Record<string, unknown>>

interface Preferences {
  kept: 'account' | 'browser'
  values: Values
}

const PATH = '/api/v1/me/preferences'
const STORED = 'waypost-preferences'

export const preferencesQuery = queryOptions({
  queryKey: ['me', 'preferences'],
  queryFn: ({ signal }) => read(signal),
  staleTime: 60_000,
})

export interface Preference<T> {
  value: T
  kept: Preferences['kept']
  /** Shown at once, taken back where it cannot be kept. */
  set: (next: (before: T) => T) => Promise<void>
}

export function usePreference<T>(name: string, otherwise: T): Preference<T> {
  const queries = useQueryClient()
  const { data } = useQuery(preferencesQuery)
  const set = useCallback(
    async (next: (before: T) => T) => {
      const change = (values: Values): Values => {
        return { ...values, [name]: next((values[name] as T | undefined) ?? otherwise) }
      }
      const key = preferencesQuery.queryKey
      const before = queries.getQueryData(key)
      if (before) queries.setQueryData(key, { ...before, values: change(before.values) })
      try {
        queries.setQueryData(key, await kept(change))
      } catch (error) {
        queries.setQueryData(key, before)
        throw error
      }
    },
    [queries, name, otherwise],
  )
  return {
    value: (data?.values[name] as T | undefined) ?? otherwise,
    kept: data?.kept ?? 'account',
    set,
  }
}

let turn: Promise<unknown> = Promise.resolve()

/** One change after the other, each of what the server has by then: they share one object. */
function kept(change: (values: Values) => Values): Promise<Preferences> {
  const mine = turn.catch(() => {}).then(async () => write(change, await read()))
  turn = mine
  return mine
}

async function read(signal?: AbortSignal): Promise<Preferences> {
  const response = await fetch(PATH, { signal })
  if (isMissing(response)) return { kept: 'browser', values: stored() }
  return { kept: 'account', values: await answered(response) }
}

async function write(change: (values: Values) => Values, before: Preferences) {
  const values = change(before.values)
  if (before.kept === 'browser') {
    localStorage.setItem(STORED, JSON.stringify(values))
    return { ...before, values }
  }
  const headers = { 'content-type': 'application/json' }
  const response = await fetch(PATH, { method: 'PUT', headers, body: JSON.stringify(values) })
  if (!response.ok) throw problemOf(response, await response.json().catch(() => null))
  return { ...before, values }
}

/** Keys have no preferences, and older servers none at all. */
const isMissing = ({ status }: Response) => [403, 404, 405].includes(status)

async function answered(response: Response): Promise<Values> {
  const body: unknown = await response.json().catch(() => null)
  if (!response.ok) throw problemOf(response, body)
  if (typeof body !== 'object' || body === null) throw new Problem(502, 'no preferences were sent')
  return body as Values
}

function stored(): Values {
  try {
    return JSON.parse(localStorage.getItem(STORED) ?? '{}')
  } catch {
    return {}
  }
}
