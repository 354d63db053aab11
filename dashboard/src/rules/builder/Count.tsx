/** How many of last week's clicks a condition holds for, and for how many that is unknown. */
import { Tooltip } from '@mantine/core'
import { useFormat } from '~/texts/format'
import { useTexts } from '~/texts/texts'
import type { Outcomes } from '../matches'
import { rulesTexts } from '../texts'
import styles from './builder.module.css'

interface Props {
  outcomes: Outcomes | undefined
  /** Where the fact comes from: it says why it is unknown. */
  source?: string
}

export function Count({ outcomes, source }: Props) {
  const t = useTexts(rulesTexts)
  const format = useFormat()
  if (!outcomes) return <span className={styles.count} />
  const { true: yes, false: no, unknown, untold } = outcomes
  const why = t.whyUnknown[source ?? ''] ?? t.whyUnknown.other!
  return (
    <span className={styles.count}>
      <Tooltip
        multiline
        maw={320}
        label={t.outcomes(format.number(yes), format.number(no), format.number(unknown))}
      >
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what it says on hover is said on focus too */}
        <span tabIndex={0}>{format.number(yes)}</span>
      </Tooltip>
      {0 < unknown && (
        <span className={styles.unknown} title={why}>
          ? {t.unknownCount(format.number(unknown), why)}
        </span>
      )}
      {0 < untold && <span className={styles.hint}>{t.untold(format.number(untold))}</span>}
    </span>
  )
}
