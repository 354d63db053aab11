/** Settings that follow a member from browser to browser, as one object that the server keeps. */
import { queryOptions, useQuery, useQueryClient } from '@tanstack/react-query'
import { useCallback } from 'react'
import { api, got } from './client'

type Values = Readonly<Record<string, unknown>>

export const preferencesQuery = queryOptions({
  queryKey: ['me', 'preferences'],
  queryFn: ({ signal }) => read(signal),
  staleTime: 60_000,
})

export interface Preference<T> {
  value: T
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
      if (before) queries.setQueryData(key, change(before))
      try {
        queries.setQueryData(key, await kept(change))
      } catch (error) {
        queries.setQueryData(key, before)
        throw error
      }
    },
    [queries, name, otherwise],
  )
  return { value: (data?.[name] as T | undefined) ?? otherwise, set }
}

let turn: Promise<unknown> = Promise.resolve()

/** One change after the other, each of what the server has by then: they share one object. */
function kept(change: (values: Values) => Values): Promise<Values> {
  const mine = turn
    .catch(() => {})
    .then(async () => {
      const body = change(await read())
      await got(api.PUT('/api/v1/me/preferences', { body }))
      return body
    })
  turn = mine
  return mine
}

function read(signal?: AbortSignal): Promise<Values> {
  return got(api.GET('/api/v1/me/preferences', { signal }))
}
