/** Revisions of a link: what was published, by whom and when. */
import { infiniteQueryOptions } from '@tanstack/react-query'
import { api, got, type Schemas } from '~/api/client'

export type Revision = Schemas['Revision'] & { note?: string | null }

export const revisionsQuery = (link: string) =>
  infiniteQueryOptions({
    queryKey: ['link', link, 'revisions'],
    queryFn: ({ pageParam, signal }) =>
      got(
        api.GET('/api/v1/links/{link}/revisions', {
          params: { path: { link }, query: pageParam ? { cursor: pageParam } : {} },
          signal,
        }),
      ),
    initialPageParam: '',
    getNextPageParam: page => page.next ?? undefined,
  })

export function revisionOf(link: string, revision: number): Promise<Revision> {
  return got(
    api.GET('/api/v1/links/{link}/revisions/{revision}', {
      params: { path: { link, revision: String(revision) } },
    }),
  )
}
