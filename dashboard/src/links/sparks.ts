/** Clicks by day for the rows on screen, asked for together. */
import { useQueries } from '@tanstack/react-query'
import { got } from '~/api/client'
import { Problem } from '~/api/problem'

const DAYS = 30

interface Sparks {
  rows: { link: string; clicks: number[] }[]
}

/** For each page of links its clicks by day; empty where the server cannot tell. */
export function useSparks(pages: readonly (readonly string[])[]): Map<string, number[]> {
  return useQueries({
    queries: pages.map(links => ({
      queryKey: ['sparks', links],
      queryFn: ({ signal }: { signal: AbortSignal }) => sparks(links, signal),
      enabled: 0 < links.length,
      staleTime: 60_000,
    })),
    combine,
  })
}

function combine(results: { data?: Sparks }[]): Map<string, number[]> {
  return new Map(
    results.flatMap(({ data }) =>
      (data?.rows ?? []).map(({ link, clicks }) => [link, clicks] as const),
    ),
  )
}

async function sparks(links: readonly string[], signal: AbortSignal): Promise<Sparks> {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone
  const query = new URLSearchParams({ links: links.join(), days: String(DAYS), timezone: zone })
  const call = fetch(`/api/v1/statistics/sparks?${query}`, { signal }).then(async response => ({
    response,
    data: await response.json(),
  }))
  try {
    return await got<Sparks>(call)
  } catch (error) {
    if (error instanceof Problem && error.status === 404) return { rows: [] }
    throw error
  }
}
