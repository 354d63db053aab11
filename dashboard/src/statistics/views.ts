/** Saved views: a name for a question. */
import { type Preference, usePreference } from '~/api/preferences'
import type { Search } from './question'

export interface View {
  name: string
  search: Search
}

/** What the palette knows a view by. */
export const viewId = (name: string) => `view-${name}`

const NONE: View[] = []

export function useViews() {
  const kept: Preference<unknown> = usePreference<unknown>('views', NONE)
  const change = (next: (views: View[]) => View[]) => kept.set(before => next(viewsOf(before)))
  return {
    views: viewsOf(kept.value),
    keep: (view: View) =>
      change(views => [...views.filter(({ name }) => name !== view.name), view]),
    drop: (view: View) => change(views => views.filter(({ name }) => name !== view.name)),
  }
}

/** Whatever was kept, by whichever version. */
export function viewsOf(kept: unknown): View[] {
  if (!Array.isArray(kept)) return []
  return kept.filter(
    (view): view is View =>
      typeof view?.name === 'string' && typeof view?.search === 'object' && view.search !== null,
  )
}
