/** Asking the server what a visitor gets, of the link as it is or of its draft. */
import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import { api, got, type Schemas } from '~/api/client'
import type { Wire } from '~/visitors/visitor'

export type Against = 'live' | 'draft'

/** `version` is that of what is asked, so that a save asks anew. */
export const explainQuery = (link: string, against: Against, version: string, wire: Wire) =>
  queryOptions({
    queryKey: ['link', link, 'explain', against, version, wire],
    queryFn: ({ signal }) => explain(link, against, wire, signal),
    placeholderData: keepPreviousData,
    retry: false,
  })

export function explain(link: string, against: Against, wire: Wire, signal?: AbortSignal) {
  const body = against === 'draft' ? { ...wire, draft: true } : wire
  return got(api.POST('/api/v1/links/{link}/explain', { params: { path: { link } }, body, signal }))
}

export type ExplainedClick = Schemas['ExplainedClick']

export const clickQuery = (click: string) =>
  queryOptions({
    queryKey: ['click', click, 'explain'],
    queryFn: ({ signal }) =>
      got(api.GET('/api/v1/clicks/{click}/explain', { params: { path: { click } }, signal })),
    staleTime: 60_000,
    retry: false,
  })

export const clicksQuery = (link: string) =>
  queryOptions({
    queryKey: ['clicks', link, 'latest'],
    queryFn: ({ signal }) =>
      got(api.GET('/api/v1/clicks', { params: { query: { link, limit: 12 } }, signal })),
  })

/** The caller as links see them. */
export function me(): Promise<Wire> {
  return got(api.GET('/api/v1/me/visitor')) as Promise<Wire>
}
