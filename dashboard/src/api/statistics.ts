/** Questions to the statistics, as the server takes and answers them. */
import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import { api, got, type Schemas } from './client'

/** The parameters of a question; what is no parameter of the call is a filter. */
export type Ask = Record<string, string>

export type Value = string | number | boolean | null

export interface Row {
  clicks: number
  visitors: number
  conversions?: number
  /** Of a breakdown; null is what is not known. */
  value?: Value
  /** Of a series. */
  since?: string
  /** Of the hours of the week; Monday is 1. */
  dayOfWeek?: number
  hour?: number
  /** Of cities; their place is null where no loaded source knows it. */
  country?: string
  city?: string
  latitude?: number | null
  longitude?: number | null
}

export interface Answer {
  timezone: string
  from: string
  to: string
  clicks: number
  leftOut: Record<string, number>
  /** How many rows there would be without a limit. */
  groups: number
  rows: Row[]
}

export type Call = 'total' | 'series' | 'breakdown' | 'cities' | 'hours'
export type Experiment = Schemas['Experiment']
export type Unmatched = Schemas['Unmatched']

/** Old figures stay while new ones come, as long as they are figures of the same thing. */
export const answerQuery = (call: Call, shape: string, ask: Ask) =>
  queryOptions({
    queryKey: ['statistics', call, shape, ask],
    queryFn: async ({ signal }) =>
      (await got(
        api.GET(`/api/v1/statistics/${call}`, { params: { query: ask as never }, signal }),
      )) as unknown as Answer,
    placeholderData: (old, query) => (query?.queryKey[2] === shape ? old : undefined),
    staleTime: 10_000,
  })

export const unmatchedQuery = (ask: Ask) =>
  queryOptions({
    queryKey: ['statistics', 'unmatched', '', ask],
    queryFn: ({ signal }) =>
      got(api.GET('/api/v1/statistics/unmatched', { params: { query: ask as never }, signal })),
    placeholderData: keepPreviousData,
  })

export const experimentsQuery = (link: string) =>
  queryOptions({
    queryKey: ['statistics', 'experiments', link],
    queryFn: ({ signal }) =>
      got(api.GET('/api/v1/links/{link}/experiments', { params: { path: { link } }, signal })),
    staleTime: 60_000,
  })

export const revisionsQuery = (link: string) =>
  queryOptions({
    queryKey: ['revisions', link, 'marks'],
    queryFn: ({ signal }) =>
      got(
        api.GET('/api/v1/links/{link}/revisions', {
          params: { path: { link }, query: { limit: 200 } },
          signal,
        }),
      ),
    staleTime: 60_000,
  })

export const linkQuery = (link: string) =>
  queryOptions({
    queryKey: ['link', link, 'named'],
    queryFn: ({ signal }) =>
      got(api.GET('/api/v1/links/{link}', { params: { path: { link } }, signal })),
    staleTime: 300_000,
    retry: false,
  })

/** Conversions since a moment, newest first: as many as a page may leaf through. */
export async function conversionsSince(
  since: string,
  link: string | undefined,
  signal: AbortSignal,
): Promise<{ at: string[]; all: boolean }> {
  const at: string[] = []
  let cursor: string | undefined
  for (let page = 0; page < 5; page++) {
    const { data, next } = await got(
      api.GET('/api/v1/conversions', { params: { query: { link, cursor, limit: 200 } }, signal }),
    )
    at.push(...data.map(it => it.createdAt).filter(it => since <= it))
    const last = data.at(-1)
    if (!next || !last || last.createdAt < since) return { at, all: true }
    cursor = next
  }
  return { at, all: false }
}
