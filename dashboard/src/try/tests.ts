/** A link's tests: example visitors that are kept with it, and what each must get. */
import { queryOptions } from '@tanstack/react-query'
import { api, got, type Schemas } from '~/api/client'
import type { Against } from './explain'

export type LinkTest = Schemas['LinkTest']
export type Ran = Schemas['RanTest']
export type TestChange = Schemas['LinkTestChange']

/** What is tried in the place of the link as it is. */
export type Change = Pick<Schemas['LinkChange'], 'destination' | 'defaultSplit' | 'rules'>

const at = (link: string) => ({ path: { link } })

export const testsQuery = (link: string) =>
  queryOptions({
    queryKey: ['link', link, 'tests'],
    queryFn: ({ signal }) =>
      got(api.GET('/api/v1/links/{link}/tests', { params: at(link), signal })),
  })

/** The tests' state; of the draft, where its change is given. */
export const runQuery = (link: string, against: Against, version: string, change?: Change) =>
  queryOptions({
    queryKey: ['link', link, 'tests', 'run', against, version],
    queryFn: ({ signal }) =>
      got(
        api.POST('/api/v1/links/{link}/tests/run', {
          params: at(link),
          body: (change ?? undefined) as Schemas['LinkChange'],
          signal,
        }),
      ),
  })

export const addTest = (link: string, body: TestChange) =>
  got(api.POST('/api/v1/links/{link}/tests', { params: at(link), body }))

export const removeTest = (link: string, test: string) =>
  got(api.DELETE('/api/v1/links/{link}/tests/{test}', { params: { path: { link, test } } }))

/**
 * The change that a draft is, as the calls take it that try changes.
 *
 * A rule that the draft has begun has an id there that the link does not know: it goes as a new one.
 */
export function changeOf(draft: Schemas['Draft'], live: readonly { id: string }[]): Change {
  const { destination, defaultSplit } = draft
  const rules = draft.rules.map(rule => {
    const { id: _, ...bare } = rule
    return live.some(({ id }) => id === rule.id) ? rule : bare
  })
  return { destination, defaultSplit, rules: rules as Change['rules'] }
}
