/** Which of a card's breakdowns is shown. */
import styles from './Statistics.module.css'

interface Props<T extends string> {
  of: string
  tabs: readonly { value: T; label: string }[]
  value: T
  onChange: (value: T) => void
}

export function Tabs<T extends string>({ of, tabs, value, onChange }: Props<T>) {
  return (
    <fieldset className={styles.tabs} aria-label={of}>
      {tabs.map(tab => (
        <button
          type="button"
          key={tab.value}
          className={styles.tab}
          aria-pressed={tab.value === value}
          onClick={() => onChange(tab.value)}
        >
          {tab.label}
        </button>
      ))}
    </fieldset>
  )
}
