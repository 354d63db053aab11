/** A part of the form that is closed until it is wanted, and says in a line what it holds. */
import { type ReactNode, useEffect, useRef } from 'react'
import styles from './form.module.css'

interface Props {
  title: string
  /** What it says now: "Expires in 3 days". */
  now: string
  /** A fault within opens it. */
  hasFault?: boolean
  isOpen?: boolean
  children: ReactNode
}

export function Section({ title, now, hasFault, isOpen, children }: Props) {
  const details = useRef<HTMLDetailsElement>(null)
  useEffect(() => {
    if (hasFault && details.current) details.current.open = true
  }, [hasFault])
  return (
    <details ref={details} className={styles.section} open={isOpen}>
      <summary className={styles.summary}>
        <span className={styles.sectionTitle}>{title}</span>
        <span className={styles.now}>{now}</span>
      </summary>
      <div className={styles.inside}>{children}</div>
    </details>
  )
}
