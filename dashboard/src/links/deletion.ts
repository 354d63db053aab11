/**
 * Deleting links with a way back: they leave the screen at once, and the server when nobody has
 * taken it back for twelve seconds, or when the page is left.
 */
import type { QueryClient } from '@tanstack/react-query'
import { api, got } from '~/api/client'
import { notify, notifyProblem } from '~/shell/notices'
import { hideLinks, refreshLinks } from './edits'

/** As long as a notice with an Undo stays. */
const WAIT_MS = 12_000
const MOST = 1_000

const waiting = new Map<symbol, readonly string[]>()

/** Links that are to be deleted and not yet are: no list shows them. */
export function isLeaving(id: string): boolean {
  for (const ids of waiting.values()) if (ids.includes(id)) return true
  return false
}

export function deleteLinks(queries: QueryClient, ids: readonly string[], done: string) {
  const token = Symbol('deletion')
  waiting.set(token, ids)
  hideLinks(queries, new Set(ids))
  const timer = setTimeout(() => void finish(), WAIT_MS)
  notify(done, {
    undo: () => {
      clearTimeout(timer)
      waiting.delete(token)
      refreshLinks(queries)
    },
  })

  async function finish() {
    try {
      for (let from = 0; from < ids.length; from += MOST) {
        await got(api.DELETE('/api/v1/links/bulk', { body: { ids: ids.slice(from, from + MOST) } }))
      }
    } catch (error) {
      notifyProblem(error)
    } finally {
      waiting.delete(token)
      refreshLinks(queries)
    }
  }
}

// Whoever leaves has not taken it back. `keepalive` lets the call outlive the page.
addEventListener('pagehide', () => {
  for (const ids of waiting.values()) {
    for (let from = 0; from < ids.length; from += MOST) {
      void fetch('/api/v1/links/bulk', {
        method: 'DELETE',
        keepalive: true,
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ ids: ids.slice(from, from + MOST) }),
      })
    }
  }
  waiting.clear()
})
