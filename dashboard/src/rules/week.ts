/** The last seven days of a link: how many each rule took, and day by day. */
import { useQueries, useQuery } from '@tanstack/react-query'
import { api, got } from '~/api/client'
import { browserZone } from '~/texts/format'

export const WEEK_DAYS = 7

export interface Week {
  clicks: number
  bots: number
  /** By the rule's id; `''` are those whom no rule took. */
  byRule: ReadonlyMap<string, number>
}

/** The day from which on the week is, as it stands on the reader's calendar. */
function since(): string {
  const day = new Date(Date.now() - (WEEK_DAYS - 1) * 86_400_000)
  return day.toLocaleDateString('sv-SE', { timeZone: browserZone })
}

export function useWeek(link: string): Week | undefined {
  const from = since()
  const { data } = useQuery({
    queryKey: ['week', link, from],
    queryFn: ({ signal }) =>
      got(
        api.GET('/api/v1/statistics/breakdown', {
          params: { query: { by: 'rule', link, from, timezone: browserZone, limit: 1000 } },
          signal,
        }),
      ),
    staleTime: 60_000,
    select: (answer): Week => {
      const rows = answer.rows as { value: string | null; clicks: number }[]
      return {
        clicks: answer.clicks,
        bots: Object.values(answer.leftOut).reduce((sum, n) => sum + n, 0),
        byRule: new Map(rows.map(({ value, clicks }) => [value ?? '', clicks])),
      }
    },
  })
  return data
}

/** More cards than this have no line each: each costs a question. */
const MOST_SPARKS = 30

/** By the rule's id, its clicks of each day. */
export function useRuleSparks(link: string, ids: readonly string[]): Map<string, number[]> {
  const from = since()
  const asked = ids.slice(0, MOST_SPARKS)
  return useQueries({
    queries: asked.map(rule => ({
      queryKey: ['spark', link, rule, from],
      queryFn: ({ signal }: { signal: AbortSignal }) =>
        got(
          api.GET('/api/v1/statistics/series', {
            params: {
              query: { link, rule, from, interval: 'day', timezone: browserZone } as never,
            },
            signal,
          }),
        ),
      staleTime: 300_000,
    })),
    combine: results =>
      new Map(
        results.flatMap(({ data }, index) => {
          const rows = data?.rows as { clicks: number }[] | undefined
          return rows ? [[asked[index]!, rows.map(({ clicks }) => clicks)] as const] : []
        }),
      ),
  })
}
