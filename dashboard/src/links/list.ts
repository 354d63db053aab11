/** The links that fit what the address asks for, page by page. */
import { infiniteQueryOptions, keepPreviousData } from '@tanstack/react-query'
import { api, got, type Schemas } from '~/api/client'
import type { Search } from '~/router'
import { STATES, type State } from './state'

/** Rows of one call: enough to fill a tall screen and the scroll after it. */
const PAGE = 100

export const SORTS = ['created', 'updated', 'clicks', 'slug', 'title', 'expires'] as const
export type Sort = (typeof SORTS)[number]

/** What the table shows: each part is one search parameter. */
export interface Filter {
  q: string
  tag: string
  domain: string
  folder: string
  /** One state, `all`, or none for all that are not archived. */
  state: State | 'all' | ''
  sort: Sort
  descending: boolean
}

/** The parameters by which a list is named in the address. */
export const FILTERS = ['q', 'tag', 'domain', 'folder', 'state'] as const

export function filterOf(search: Search): Filter {
  const sort = search.sort ?? '-created'
  const name = sort.replace(/^-/, '')
  const isKnown = (SORTS as readonly string[]).includes(name)
  const state = search.state ?? ''
  return {
    q: search.q ?? '',
    tag: search.tag ?? '',
    domain: search.domain ?? '',
    folder: search.folder ?? '',
    state: state in STATES || state === 'all' ? (state as Filter['state']) : '',
    sort: isKnown ? (name as Sort) : 'created',
    descending: isKnown ? sort.startsWith('-') : true,
  }
}

/** How a sorting stands in the address; nothing for the one that needs no saying. */
export function sortText(sort: Sort, descending: boolean): string | undefined {
  return sort === 'created' && descending ? undefined : `${descending ? '-' : ''}${sort}`
}

export function isFiltered(filter: Filter): boolean {
  return FILTERS.some(name => filter[name] !== '')
}

/** How many fit is told with the first page alone; `totalIsExact` is false where there are more. */
export type LinkPage = Schemas['LinkPage']

export const linksQuery = (filter: Filter) =>
  infiniteQueryOptions({
    queryKey: ['links', 'list', filter],
    queryFn: ({ pageParam, signal }) => linkPage(filter, pageParam, PAGE, signal),
    initialPageParam: '',
    getNextPageParam: page => page.next ?? undefined,
    placeholderData: keepPreviousData,
  })

export function linkPage(filter: Filter, cursor: string, limit: number, signal?: AbortSignal) {
  // Counting is asked for once: the first page tells it for all.
  const query: Asked & { total?: boolean } = {
    ...asked(filter),
    limit,
    cursor: cursor || undefined,
    total: cursor === '' ? true : undefined,
  }
  return got<LinkPage>(api.GET('/api/v1/links', { params: { query }, signal }))
}

type Asked = NonNullable<import('~/api/schema').operations['listLinks']['parameters']['query']>

/** The filter in the API's words, where a comma would part two tags. */
export function asked(filter: Filter) {
  const { q, tag, domain, folder, state } = filter
  return {
    search: q.trim() || undefined,
    tag: tag.replace(/[,]/g, '$&') || undefined,
    domain: domain || undefined,
    folder: folder || undefined,
    state: state === 'all' ? undefined : state || undefined,
    archived: state === '' ? false : undefined,
    sort: `${filter.descending ? '-' : ''}${filter.sort}`,
  }
}

export const tagsQuery = {
  queryKey: ['tags'],
  queryFn: () => got(api.GET('/api/v1/tags')),
  select: ({ data }: Schemas['Page_Tag']) => data,
  staleTime: 60_000,
}

export const domainsQuery = {
  queryKey: ['domains'],
  queryFn: () => got(api.GET('/api/v1/domains')),
  select: ({ data }: Schemas['Page_Domain']) => data,
  staleTime: 60_000,
}

/** Of one domain: a folder is a domain's. */
export const foldersQuery = (domain: string) => ({
  queryKey: ['folders', domain],
  queryFn: () =>
    got(api.GET('/api/v1/folders', { params: { query: { domain: domain || undefined } } })),
  select: ({ data }: Schemas['Page_Folder']) => data,
  staleTime: 60_000,
})
