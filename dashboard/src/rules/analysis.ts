/** What the server says of rules that are being edited: what is wrong, what may not be meant. */
import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { api, got, type Schemas } from '~/api/client'
import { type Fault, Problem } from '~/api/problem'
import type { Draft } from './draft/draft'
import { wireOf } from './draft/state'
import { undone, type Vocabulary } from './fields'
import type { Action } from './sentence'
import { parentOf, partAt, replaced, type When } from './tree'

export interface Warning {
  kind: string
  severity: 'warning' | 'note'
  /** `rules[1].when.all[0]` */
  at: string
  message: string
  proof: Proof
  certain: boolean
}

export interface Proof {
  type: string
  rules?: number[]
  rule?: number
  at?: string
  values?: string[]
  conditions?: (string | string[])[]
  field?: string
  source?: string
  through?: string[]
}

export interface Analysis {
  warnings: readonly Warning[]
  faults: readonly Fault[]
  /** The rules that were asked about, in their order: what the places and numbers count. */
  keys: readonly string[]
}

const NOTHING: Analysis = { warnings: [], faults: [], keys: [] }

/** The brief: 150 ms after the last key. */
const ASK_MS = 150

/** Warnings of the draft as it stands on the screen, in their places; the old ones until then. */
export function useAnalysis(draft: Draft, vocabulary: Vocabulary): Analysis {
  const [asked] = useDebouncedValue(JSON.stringify(askedOf(draft, vocabulary)), ASK_MS)
  const { data = NOTHING } = useQuery({
    queryKey: ['analysis', draft.link.id, asked],
    queryFn: async ({ signal }): Promise<Analysis> => {
      const { body, keys } = JSON.parse(asked)
      return { ...(await analyse(draft.link.id, body, signal)), keys }
    },
    placeholderData: keepPreviousData,
    staleTime: 60_000,
    gcTime: 60_000,
  })
  return data
}

/** What is asked, and the keys of its rules: an answer may come when they stand otherwise already. */
export function askedOf(draft: Draft, vocabulary: Vocabulary) {
  return {
    body: askable(draft, vocabulary),
    keys: draft.plan.rules.map(({ key }) => key),
  }
}

export interface Body {
  destination: string
  defaultSplit: unknown
  rules: { when: When }[]
}

async function analyse(
  link: string,
  body: Body,
  signal: AbortSignal,
): Promise<Omit<Analysis, 'keys'>> {
  try {
    return { warnings: await warningsOf(link, body, signal), faults: [] }
  } catch (error) {
    if (!(error instanceof Problem) || error.status !== 422) throw error
    // Rules that cannot be read stand as ones that are off, so that the others keep their numbers
    // and their warnings.
    const wrong = new Set(error.faults.map(({ at }) => ruleOf(at)))
    const rules = body.rules.map((rule, index) => (wrong.has(index) ? OFF : rule))
    const rest = await warningsOf(link, { ...body, rules }, signal).catch(() => [])
    return { faults: error.faults, warnings: rest.filter(({ at }) => !wrong.has(ruleOf(at))) }
  }
}

const OFF = {
  enabled: false,
  when: { field: 'percentile', operator: 'less_than', value: 50 },
  action: { block: 404 },
}

async function warningsOf(link: string, body: Body, signal: AbortSignal): Promise<Warning[]> {
  const { warnings } = await got(
    api.POST('/api/v1/links/{link}/analyse', {
      params: { path: { link } },
      body: body as Schemas['LinkChange'],
      signal,
    }),
  )
  return warnings as unknown as Warning[]
}

/** 1 of `rules[1].when.all[0]`. */
export function ruleOf(at: string): number | undefined {
  const found = /^rules\[(\d+)\]/.exec(at)
  return found ? Number(found[1]) : undefined
}

/** `all[0]` of `rules[1].when.all[0]`; nothing where it is not about the conditions. */
export function placeOf(at: string): string | undefined {
  const found = /^rules\[\d+\]\.when(?:\.(.*))?$/.exec(at)
  return found ? (found[1] ?? '') : undefined
}

/**
 * The rules as they can be asked about while one is being written: a condition without a value stands
 * as one that changes nothing where it is, true among "all" and false among "any".
 */
export function askable(draft: Pick<Draft, 'plan' | 'live' | 'ids'>, vocabulary: Vocabulary) {
  const body = wireOf(draft)
  const whole = (when: When): When =>
    undone(vocabulary, when).reduce((tree, at) => {
      const around = parentOf(at)
      const group = around === undefined ? undefined : partAt(when, around)
      return replaced(tree, at, group && 'any' in group ? { not: EVERYBODY } : EVERYBODY)
    }, when)
  // An address that nobody wrote yet is the link's own.
  const led = (action: Action): Action =>
    'redirect' in action
      ? { redirect: action.redirect || body.destination }
      : 'split' in action
        ? {
            split: action.split.map(({ weight, redirect }) => ({
              weight,
              redirect: redirect || body.destination,
            })),
          }
        : action
  return {
    ...body,
    rules: body.rules.map(rule => ({
      ...rule,
      when: whole(rule.when),
      action: led(rule.action),
    })),
  }
}

const EVERYBODY = { field: 'percentile', operator: 'less_than', value: 100 }
