/** One link as the server has it: how it is read, kept and saved. */
import { queryOptions, useQueryClient, useSuspenseQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { useCallback } from 'react'
import { api, got, type Schemas } from '~/api/client'
import { Problem } from '~/api/problem'

export type Link = Schemas['Link']
export type LinkChange = Omit<Schemas['LinkChange'], 'limitCounts'> & {
  limitCounts?: Schemas['Counted']
}

/** A link and the version of it that was read: what a save sends back as `If-Match`. */
export interface ReadLink {
  link: Link
  etag: string
}

export const linkQuery = (id: string) =>
  queryOptions({
    queryKey: ['link', id],
    queryFn: ({ signal }) => read(api.GET('/api/v1/links/{link}', { params: at(id), signal })),
  })

/** The draft of a link's rules, null where nobody has begun one. */
export const draftQuery = (id: string) =>
  queryOptions({
    queryKey: ['link', id, 'draft'],
    queryFn: async ({ signal }) => {
      try {
        return await got(api.GET('/api/v1/links/{link}/draft', { params: at(id), signal }))
      } catch (error) {
        if (error instanceof Problem && error.status === 404) return null
        throw error
      }
    },
  })

/**
 * The link that the address names (`/links/$link/…`), and its `etag`.
 *
 * Suspends until it is there, throws a [`Problem`] where it is not. `{ link, etag, refresh }`:
 * `refresh()` asks the server again, after something changed it by another call than [`saveLink`].
 */
export function useLink(): ReadLink & { refresh: () => Promise<void> } {
  const { link: id = '' } = useParams({ strict: false })
  const queries = useQueryClient()
  const { data } = useSuspenseQuery(linkQuery(id))
  const refresh = useCallback(
    () => queries.invalidateQueries({ queryKey: ['link', id] }),
    [queries, id],
  )
  return { ...data, refresh }
}

/** Saves a change; a 412 where the link is no longer what `etag` says. */
export function saveLink(id: string, change: LinkChange, etag?: string): Promise<ReadLink> {
  const header = etag ? { 'If-Match': etag } : {}
  return read(
    api.PATCH('/api/v1/links/{link}', {
      params: { ...at(id), header },
      body: change as Schemas['LinkChange'],
    }),
  )
}

export function createLink(link: LinkChange & { destination: string }): Promise<ReadLink> {
  return read(api.POST('/api/v1/links', { body: link as Schemas['NewLink'] }))
}

const at = (id: string) => ({ path: { link: id } })

async function read(
  call: Promise<{ data?: Link; error?: unknown; response: Response }>,
): Promise<ReadLink> {
  let etag = ''
  const link = await got(
    call.then(outcome => {
      etag = outcome.response.headers.get('etag') ?? ''
      return outcome
    }),
  )
  return { link, etag }
}
