/** What this server is, knows and keeps, and whether it is well. */
import { queryOptions } from '@tanstack/react-query'
import { api, got, type Schemas } from './client'

export type About = Schemas['About']
/** What tells places and networks here. */
export type Source = About['geo'][number]

export const aboutQuery = queryOptions({
  queryKey: ['about'],
  queryFn: () => got(api.GET('/api/v1/about')),
  staleTime: 30_000,
})
