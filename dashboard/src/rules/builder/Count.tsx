/** How many of last week's clicks a condition holds for; and why that is unknown for some. */
import { Tooltip } from '@mantine/core'
import { useFormat } from '~/texts/format'
import { useTexts } from '~/texts/texts'
import type { Outcomes } from '../matches'
import { rulesTexts } from '../texts'
import styles from './builder.module.css'

export function Count({ outcomes }: { outcomes: Outcomes | undefined }) {
  const t = useTexts(rulesTexts)
  const format = useFormat()
  if (!outcomes) return <span className={styles.count} />
  const { true: yes, false: no, unknown } = outcomes
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
    </span>
  )
}

/** Unknown is an answer of its own: for how many clicks, and where the fact would have come from. */
export function Unknown({ outcomes, source }: { outcomes: Outcomes | undefined; source?: string }) {
  const t = useTexts(rulesTexts)
  const format = useFormat()
  if (!outcomes || outcomes.unknown + outcomes.untold === 0) return null
  const why = t.whyUnknown[source ?? ''] ?? t.whyUnknown.other!
  return (
    <p data-grade="note">
      {0 < outcomes.unknown && (
        <span className={styles.unknown}>
          ? {t.unknownCount(format.number(outcomes.unknown), why)}
        </span>
      )}
      {0 < outcomes.untold && t.untold(format.number(outcomes.untold))}
    </p>
  )
}
