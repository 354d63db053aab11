/** Changes of many links: shown at once, saved after, taken back where the server refuses. */
import type { InfiniteData, QueryClient } from '@tanstack/react-query'
import { api, got, type Schemas } from '~/api/client'
import { notify, notifyProblem } from '~/shell/notices'
import type { Link, LinkChange, ReadLink } from './link'
import type { LinkPage } from './list'

/** What one call takes. */
const MOST = 1_000

export interface Edit {
  link: Link
  /** What becomes different. */
  change: LinkChange
}

/** The change that makes `link` what it was before `change`. */
export function inverse({ link, change }: Edit): Edit {
  const before = Object.fromEntries(
    Object.keys(change).map(key => [key, link[key as keyof Link] ?? null]),
  )
  return { link: { ...link, ...change } as Link, change: before }
}

/**
 * Shows and saves edits. `done` is what is said then, beside an Undo.
 *
 * Links that the server refuses go back to what they were, and the first reason is told.
 */
export async function saveEdits(
  queries: QueryClient,
  edits: readonly Edit[],
  done: string,
  texts: { failed: (n: number, reason: string) => string; undone: string },
): Promise<void> {
  await queries.cancelQueries({ queryKey: ['links', 'list'] })
  const changes = new Map(edits.map(({ link, change }) => [link.id, change]))
  showLinks(queries, link => ({ ...link, ...changes.get(link.id) }) as Link, changes)
  try {
    const refused = await send(edits)
    if (0 < refused.size) {
      const before = new Map(edits.map(({ link }) => [link.id, link]))
      showLinks(queries, link => before.get(link.id) ?? link, refused)
      notify(texts.failed(refused.size, [...refused.values()][0] ?? ''), { kind: 'problem' })
    }
    const saved = edits.filter(({ link }) => !refused.has(link.id))
    if (0 < saved.length) {
      notify(done, {
        undo: () => void saveEdits(queries, saved.map(inverse), texts.undone, texts),
      })
    }
  } catch (error) {
    const before = new Map(edits.map(({ link }) => [link.id, link]))
    showLinks(queries, link => before.get(link.id) ?? link, before)
    notifyProblem(error)
  } finally {
    refreshLinks(queries)
  }
}

/** Ids that were refused, and why. */
async function send(edits: readonly Edit[]): Promise<Map<string, string>> {
  const refused = new Map<string, string>()
  for (let from = 0; from < edits.length; from += MOST) {
    const some = edits.slice(from, from + MOST)
    const links = some.map(({ link, change }) => ({ ...change, id: link.id }))
    const { data } = await got(
      api.PATCH('/api/v1/links/bulk', { body: { links: links as Schemas['BulkChange'][] } }),
    )
    data.forEach((result, index) => {
      const edit = some[index]
      if (result.problem && edit) refused.set(edit.link.id, result.problem.detail)
    })
  }
  return refused
}

/** What every list and page shows of some links, made anew. */
export function showLinks(
  queries: QueryClient,
  change: (link: Link) => Link,
  ids: { has(id: string): boolean; keys(): Iterable<string> },
) {
  queries.setQueriesData<InfiniteData<LinkPage>>({ queryKey: ['links', 'list'] }, lists =>
    mapped(lists, links => links.map(link => (ids.has(link.id) ? change(link) : link))),
  )
  for (const id of ids.keys()) {
    queries.setQueryData<ReadLink>(['link', id], read =>
      read ? { ...read, link: change(read.link) } : read,
    )
  }
}

/** Takes links out of every list. */
export function hideLinks(queries: QueryClient, ids: ReadonlySet<string>) {
  queries.setQueriesData<InfiniteData<LinkPage>>({ queryKey: ['links', 'list'] }, lists =>
    mapped(lists, links => links.filter(link => !ids.has(link.id))),
  )
}

function mapped(
  lists: InfiniteData<LinkPage> | undefined,
  change: (links: Link[]) => Link[],
): InfiniteData<LinkPage> | undefined {
  if (!lists) return lists
  const pages = lists.pages.map(page => {
    const data = change(page.data)
    const gone = page.data.length - data.length
    return { ...page, data, total: page.total == null ? page.total : page.total - gone }
  })
  return { ...lists, pages }
}

/** Asks again for whatever shows links: after a change, also their counts by tag and folder. */
export function refreshLinks(queries: QueryClient) {
  for (const key of ['links', 'link', 'tags', 'folders']) {
    void queries.invalidateQueries({ queryKey: [key] })
  }
}
