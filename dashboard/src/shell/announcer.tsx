/** One polite live region for the whole dashboard (WCAG 4.1.3). */
import { useSyncExternalStore } from 'react'

const listeners = new Set<() => void>()
let message = ''

/** Has a screen reader say this when it has finished what it is saying. */
export function announce(text: string) {
  // The same words again are said again only if they differ: a no-break space at the end does it.
  message = text === message ? `${text} ` : text
  for (const listener of listeners) listener()
}

export function Announcer() {
  const text = useSyncExternalStore(
    listener => {
      listeners.add(listener)
      return () => {
        listeners.delete(listener)
      }
    },
    () => message,
  )
  return (
    <div className="unseen" role="status" aria-live="polite">
      {text}
    </div>
  )
}
