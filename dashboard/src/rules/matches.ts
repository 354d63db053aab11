/** How many of last week's clicks each rule takes and each condition holds for. */
import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { got } from '~/api/client'
import { Problem } from '~/api/problem'
import { askable } from './analysis'
import type { Draft } from './draft'
import type { Vocabulary } from './fields'

export interface Outcomes {
  /** `rules[0].when.all[1]` */
  at: string
  true: number
  false: number
  unknown: number
  /** Clicks of which it cannot be told, as what it asks is not kept. */
  untold: number
}

export interface Met {
  takes: number
  mayTake: number
}

export interface Matches {
  clicks: number
  /** Of so many clicks one was looked at. */
  every: number
  closed: number
  leftOut: Record<string, number>
  rules: (Met & { at: string; conditions: Outcomes[] })[]
  otherwise: Met
}

const ASK_MS = 400

/** Counts for the rules on the screen; nothing where the server cannot count them yet. */
export function useMatches(draft: Draft, vocabulary: Vocabulary): Matches | undefined {
  const [rules] = useDebouncedValue(JSON.stringify(askable(draft, vocabulary).rules), ASK_MS)
  const { data } = useQuery({
    queryKey: ['matches', draft.link.id, rules],
    queryFn: ({ signal }) => matches(draft.link.id, JSON.parse(rules), signal),
    placeholderData: keepPreviousData,
    staleTime: 60_000,
    gcTime: 60_000,
  })
  return data ?? undefined
}

/** Null for rules that cannot be read, which the analysis tells about. */
async function matches(link: string, rules: unknown, signal: AbortSignal): Promise<Matches | null> {
  try {
    return await got(
      fetch(`/api/v1/links/${link}/matches`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ rules }),
        signal,
      }).then(async response => {
        const body = await response.json().catch(() => undefined)
        return response.ok ? { data: body as Matches, response } : { error: body, response }
      }),
    )
  } catch (error) {
    if (error instanceof Problem && [404, 405, 422].includes(error.status)) return null
    throw error
  }
}

/** Of a rule, the counts of its conditions by their places: `all[1]`. */
export function countsOf(matches: Matches | undefined, index: number): Map<string, Outcomes> {
  const found = matches?.rules[index]?.conditions ?? []
  const head = `rules[${index}].when`
  return new Map(found.map(counted => [counted.at.slice(head.length).replace(/^\./, ''), counted]))
}
