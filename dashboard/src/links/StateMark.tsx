/** A state by glyph, colour and word: never by colour alone. */
import { useTexts } from '~/texts/texts'
import styles from './StateMark.module.css'
import { STATES, type State } from './state'
import { linksTexts } from './texts'

export function StateMark({ state }: { state: State }) {
  const t = useTexts(linksTexts)
  const { icon: Icon, color } = STATES[state]
  return (
    <span className={styles.mark} style={{ color }}>
      <Icon size={16} aria-hidden />
      {t.states[state]}
    </span>
  )
}
