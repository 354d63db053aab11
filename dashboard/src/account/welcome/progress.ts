/** How far somebody is who is here for the first time; kept in this browser until all four are done. */
import { useSyncExternalStore } from 'react'

const KEY = 'waypost-welcome'

export interface Begun {
  /** The link that they made first. */
  link: string
  hasTried: boolean
}

const listeners = new Set<() => void>()
let current: Begun | null = read()

export function useBegun(): Begun | null {
  return useSyncExternalStore(
    listener => {
      listeners.add(listener)
      return () => {
        listeners.delete(listener)
      }
    },
    () => current,
  )
}

/** Begins the checklist, takes it further, or with null ends it. */
export function begin(begun: Begun | null) {
  current = begun
  try {
    if (begun) localStorage.setItem(KEY, JSON.stringify(begun))
    else localStorage.removeItem(KEY)
  } catch {
    // Storage is turned off: it holds until the page is left.
  }
  for (const listener of listeners) listener()
}

function read(): Begun | null {
  try {
    return JSON.parse(localStorage.getItem(KEY) ?? 'null')
  } catch {
    return null
  }
}
