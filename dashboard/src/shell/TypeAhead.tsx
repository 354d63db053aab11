/** Keeps what is typed while the palette is on its way, which will hold it. */
import { type RefObject, useEffect } from 'react'

export function TypeAhead({ words }: { words: RefObject<string> }) {
  useEffect(() => {
    const listener = (event: KeyboardEvent) => {
      if (event.key.length > 1 || event.ctrlKey || event.metaKey || event.altKey) return
      // Else it would be a key of the page below.
      event.preventDefault()
      event.stopPropagation()
      words.current += event.key
    }
    document.addEventListener('keydown', listener, true)
    return () => document.removeEventListener('keydown', listener, true)
  }, [words])
  return null
}
