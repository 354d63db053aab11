/** The single clicks of a link, newest first, page by page. */
import { infiniteQueryOptions } from '@tanstack/react-query'
import { api, got, type Schemas } from '~/api/client'

export type Click = Schemas['Click']

const PAGE = 100

export const clicksQuery = (link: string) =>
  infiniteQueryOptions({
    queryKey: ['link', link, 'clicks'],
    queryFn: ({ pageParam, signal }) =>
      got(
        api.GET('/api/v1/clicks', {
          params: { query: { link, limit: PAGE, cursor: pageParam || undefined } },
          signal,
        }),
      ),
    initialPageParam: '',
    getNextPageParam: page => page.next ?? undefined,
  })
