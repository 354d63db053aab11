/** A list of things with a name, a line about each, and what can be done with it. */
import type { ReactNode } from 'react'
import styles from './Entries.module.css'

export function Entries({ label, children }: { label: string; children: ReactNode }) {
  return (
    <ul className={styles.list} aria-label={label}>
      {children}
    </ul>
  )
}

interface Props {
  title: ReactNode
  /** Facts, with a dot between. */
  facts?: readonly ReactNode[]
  actions?: ReactNode
  /** What is shown below, over the whole width. */
  children?: ReactNode
}

export function Entry({ title, facts = [], actions, children }: Props) {
  return (
    <li className={styles.entry}>
      <div className={styles.line}>
        <div className={styles.what}>
          <div className={styles.title}>{title}</div>
          <div className={styles.facts}>
            {facts.filter(Boolean).map((fact, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: facts have no names, and their order stays
              <span key={index}>{fact}</span>
            ))}
          </div>
        </div>
        {actions && <div className={styles.actions}>{actions}</div>}
      </div>
      {children}
    </li>
  )
}
