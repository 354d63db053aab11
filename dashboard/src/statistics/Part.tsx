/** A place on the page: what stands in it asks its questions once somebody comes near. */
import { createContext, type ReactNode, useContext, useEffect, useRef, useState } from 'react'
import styles from './Statistics.module.css'

const Near = createContext(true)

/** Whether the part that this is called in is looked at, or about to be. */
export function useNear(): boolean {
  return useContext(Near)
}

const AHEAD = '300px 0px'

export function Part({ wide = false, children }: { wide?: boolean; children: ReactNode }) {
  const place = useRef<HTMLDivElement>(null)
  const [near, setNear] = useState(false)
  useEffect(() => {
    if (!place.current) return
    const seen = new IntersectionObserver(
      entries => setNear(entries.some(entry => entry.isIntersecting)),
      { rootMargin: AHEAD },
    )
    seen.observe(place.current)
    return () => seen.disconnect()
  }, [])
  return (
    <div ref={place} className={`${styles.part} ${wide ? styles.wide : styles.half}`}>
      <Near.Provider value={near}>{children}</Near.Provider>
    </div>
  )
}
