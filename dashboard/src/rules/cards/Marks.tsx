/** The words beside a rule's name: what is wrong with it, what is new, what made it. */
import { IconAlertTriangle, IconInfoCircle } from '@tabler/icons-react'
import { useTexts } from '~/texts/texts'
import type { Warning } from '../analysis'
import { type Rule, tierOf } from '../plan'
import { rulesTexts } from '../texts'
import styles from './cards.module.css'

interface Props {
  rule: Rule
  /** What visitors get now, if it is one that they get. */
  live: Rule | undefined
  isFaulty: boolean
  isUnfinished: boolean
  grave: Warning | undefined
}

export function Marks({ rule, live, isFaulty, isUnfinished, grave }: Props) {
  const t = useTexts(rulesTexts)
  const Icon = grave?.severity === 'warning' ? IconAlertTriangle : IconInfoCircle
  const worst = isFaulty ? (
    <span className={styles.mark} data-grade="error">
      <IconAlertTriangle size={12} aria-hidden /> {t.faulty}
    </span>
  ) : isUnfinished ? (
    <span className={styles.mark} data-grade="warning">
      {t.unfinished}
    </span>
  ) : (
    grave && (
      <span className={styles.mark} data-grade={grave.severity}>
        <Icon size={12} aria-hidden /> {t.marks[grave.kind] ?? t.marks.other}
      </span>
    )
  )
  const isChanged = live !== undefined && JSON.stringify(live) !== JSON.stringify(rule)
  return (
    <>
      {worst}
      {live === undefined && (
        <span className={styles.mark} data-grade="changed">
          {t.fresh}
        </span>
      )}
      {isChanged && (
        <span className={styles.mark} data-grade="changed">
          {t.changed}
        </span>
      )}
      {tierOf(rule) > 0 && (
        <span className={styles.mark}>{t.tiers[tierOf(rule)] ?? t.tiers[1]}</span>
      )}
    </>
  )
}
