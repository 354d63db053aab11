/** The last view, for whoever comes back without one: from link to link, and after a look elsewhere. */
import type { Search } from './question'

const KEY = 'waypost-statistics'

export function remember(search: Search) {
  try {
    sessionStorage.setItem(KEY, JSON.stringify(search))
  } catch {
    // Storage is turned off: nothing is remembered.
  }
}

export function remembered(): Search {
  try {
    const search: unknown = JSON.parse(sessionStorage.getItem(KEY) ?? '{}')
    return typeof search === 'object' && search !== null ? (search as Search) : {}
  } catch {
    return {}
  }
}
