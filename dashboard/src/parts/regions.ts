/** The subdivisions of ISO 3166-2 with their English names, as the server reads them. */
import { queryOptions, useQuery, useQueryClient } from '@tanstack/react-query'
import { useCallback, useEffect, useRef } from 'react'

/** Names by code, `Bavaria` by `DE-BY`. */
export const regionsQuery = queryOptions({
  queryKey: ['regions'],
  queryFn: async () => {
    const { default: text } = await import('../../../data/subdivisions/names.tsv?raw')
    const lines = text.trim().split('\n')
    return new Map(lines.map(line => line.split('\t') as [code: string, name: string]))
  },
  staleTime: Number.POSITIVE_INFINITY,
})

/** Answers what a region is called; the names are fetched once somebody asks. */
export function useRegionName(): (code: string) => string | undefined {
  const queries = useQueryClient()
  const { data } = useQuery({ ...regionsQuery, enabled: false })
  const asked = useRef(false)
  useEffect(() => {
    if (asked.current && !data) void queries.prefetchQuery(regionsQuery)
  })
  return useCallback(
    (code: string) => {
      asked.current = true
      return data?.get(code)
    },
    [data],
  )
}
