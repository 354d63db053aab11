/** Who is signed in. */
import { queryOptions, useSuspenseQuery } from '@tanstack/react-query'
import { api, got, type Schemas } from './client'

export type Me = Schemas['Me']

export const meQuery = queryOptions({
  queryKey: ['me'],
  queryFn: () => got(api.GET('/api/v1/me')),
  staleTime: 60_000,
})

export function useMe(): Me {
  return useSuspenseQuery(meQuery).data
}

/** Whether the caller may: `links:write`, `stats:read`, … */
export function may(me: Me, scope: string): boolean {
  return me.scopes.includes('admin') || me.scopes.includes(scope)
}
