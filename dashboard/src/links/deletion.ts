/** Deleting links with a way back: the server keeps what was deleted for thirty days. */
import type { QueryClient } from '@tanstack/react-query'
import { api, got, type Schemas } from '~/api/client'
import { notify, notifyProblem } from '~/shell/notices'
import { hideLinks, refreshLinks } from './edits'
import type { Link } from './link'

/** What one call takes. */
const MOST = 1_000
/** Calls at the same time: each brings one link back. */
const AT_ONCE = 8

export interface DeletedLink {
  link: Link
  deletedAt: string
  /** When it is gone for good. */
  until: string
}

/** They leave the screen at once, and come back where the server refuses or somebody undoes it. */
export async function deleteLinks(
  queries: QueryClient,
  ids: readonly string[],
  texts: { done: string; undone: string },
) {
  await queries.cancelQueries({ queryKey: ['links', 'list'] })
  hideLinks(queries, new Set(ids))
  try {
    const gone: string[] = []
    for (let from = 0; from < ids.length; from += MOST) {
      const some = ids.slice(from, from + MOST)
      const { data } = await got(api.DELETE('/api/v1/links/bulk', { body: { ids: some } }))
      gone.push(...some.filter((_, index) => !data[index]?.problem))
      const refused = data.find(({ problem }) => problem)?.problem
      if (refused) notify(refused.detail, { kind: 'problem' })
    }
    if (0 < gone.length) {
      notify(texts.done, { undo: () => void restoreLinks(queries, gone, texts.undone) })
    }
  } catch (error) {
    notifyProblem(error)
  } finally {
    refreshLinks(queries)
  }
}

export async function restoreLinks(queries: QueryClient, ids: readonly string[], done: string) {
  try {
    for (let from = 0; from < ids.length; from += AT_ONCE) {
      await Promise.all(ids.slice(from, from + AT_ONCE).map(restore))
    }
    notify(done)
  } catch (error) {
    notifyProblem(error)
  } finally {
    refreshLinks(queries)
  }
}

function restore(id: string): Promise<Schemas['Link']> {
  return got(
    fetch(`/api/v1/links/${encodeURIComponent(id)}/undelete`, { method: 'POST' }).then(
      async response => {
        const body = await response.json().catch(() => null)
        return response.ok ? { response, data: body } : { response, error: body }
      },
    ),
  )
}
