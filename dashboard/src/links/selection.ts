/** Which rows of a table are chosen, by mouse or by key. */
import { useCallback, useMemo, useRef, useState } from 'react'

export interface Selection {
  chosen: ReadonlySet<string>
  /** Chooses one or lets it go; with `upTo`, all between the last one and it. */
  toggle: (id: string, upTo?: boolean) => void
  choose: (ids: readonly string[]) => void
  clear: () => void
}

/** `ids` in the order of the rows. */
export function useSelection(ids: readonly string[]): Selection {
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set())
  const last = useRef<string | null>(null)
  const rows = useRef(ids)
  rows.current = ids
  const toggle = useCallback((id: string, upTo = false) => {
    const from = upTo ? last.current : null
    last.current = id
    setChosen(before => toggled(before, rows.current, id, from))
  }, [])
  const choose = useCallback((ids: readonly string[]) => setChosen(new Set(ids)), [])
  const clear = useCallback(() => setChosen(new Set()), [])
  return useMemo(() => ({ chosen, toggle, choose, clear }), [chosen, toggle, choose, clear])
}

/** What is chosen after `id` was clicked; `from` is the other end of a range. */
export function toggled(
  chosen: ReadonlySet<string>,
  rows: readonly string[],
  id: string,
  from: string | null = null,
): ReadonlySet<string> {
  const next = new Set(chosen)
  const ends = [rows.indexOf(from ?? id), rows.indexOf(id)].sort((a, b) => a - b) as [
    number,
    number,
  ]
  const within = ends[0] < 0 ? [id] : rows.slice(ends[0], ends[1] + 1)
  for (const row of within) {
    if (chosen.has(id)) next.delete(row)
    else next.add(row)
  }
  return next
}
