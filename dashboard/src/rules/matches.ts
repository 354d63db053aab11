/** How many of last week's clicks each rule takes and each condition holds for. */
import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { got } from '~/api/client'
import { Problem } from '~/api/problem'
import { askedOf } from './analysis'
import type { Draft } from './draft/draft'
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

export interface Counted extends Matches {
  /** The rules that were counted, in their order. */
  keys: readonly string[]
}

/** Counts for the rules on the screen; nothing where the server cannot count them yet. */
export function useMatches(draft: Draft, vocabulary: Vocabulary): Counted | undefined {
  const [asked] = useDebouncedValue(JSON.stringify(askedOf(draft, vocabulary)), ASK_MS)
  const { data } = useQuery({
    queryKey: ['matches', draft.link.id, asked],
    queryFn: async ({ signal }) => {
      const { body, keys } = JSON.parse(asked)
      const found = await matches(draft.link.id, body.rules, signal)
      return found && { ...found, keys }
    },
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

/** How many a rule takes. */
export function metOf(counted: Counted | undefined, key: string): Met | undefined {
  return counted?.rules[counted.keys.indexOf(key)]
}

/** Of a rule, the counts of its conditions by their places: `all[1]`. */
export function countsOf(counted: Counted | undefined, key: string): Map<string, Outcomes> {
  const index = counted?.keys.indexOf(key) ?? -1
  const head = `rules[${index}].when`
  return new Map(
    (counted?.rules[index]?.conditions ?? []).map(one => [
      one.at.slice(head.length).replace(/^\./, ''),
      one,
    ]),
  )
}
