/** Short messages: what happened, to what, what next; with a way back where there is one. */
import { useSyncExternalStore } from 'react'

export interface Notice {
  id: number
  text: string
  kind: 'done' | 'problem'
  /** Takes back what was done; the notice then stays for 12 seconds. */
  undo?: () => void
}

/** WCAG 2.2.1 and the brief: an undo is offered for ten seconds at least. */
const UNDO_MS = 12_000
const READ_MS = 6_000

const listeners = new Set<() => void>()
let notices: readonly Notice[] = []
let last = 0

export function notify(text: string, options: Partial<Pick<Notice, 'kind' | 'undo'>> = {}) {
  const notice: Notice = { id: ++last, text, kind: 'done', ...options }
  change([...notices.slice(-3), notice])
  // A problem stays until it is closed: nobody reads an error in six seconds.
  if (notice.kind === 'done') setTimeout(() => dismiss(notice.id), notice.undo ? UNDO_MS : READ_MS)
}

/** Tells a failure; whatever was thrown. */
export function notifyProblem(error: unknown) {
  notify(error instanceof Error ? error.message : String(error), { kind: 'problem' })
}

export function dismiss(id: number) {
  change(notices.filter(notice => notice.id !== id))
}

export function useNotices() {
  return useSyncExternalStore(subscribe, () => notices)
}

/** The latest that can be taken back: what Ctrl+Z does. */
export function undoLatest(): boolean {
  const notice = notices.findLast(notice => notice.undo)
  if (!notice?.undo) return false
  dismiss(notice.id)
  notice.undo()
  return true
}

function change(next: readonly Notice[]) {
  notices = next
  for (const listener of listeners) listener()
}

function subscribe(listener: () => void) {
  listeners.add(listener)
  return () => {
    listeners.delete(listener)
  }
}
