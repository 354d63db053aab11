/** What is wrong with a condition or may not be meant, below it. */

import { Button } from '@mantine/core'
import { IconAlertTriangle, IconInfoCircle } from '@tabler/icons-react'
import { useTexts } from '~/texts/texts'
import type { Warning } from '../analysis'
import { rulesTexts } from '../texts'
import { type Place, removed } from '../tree'
import { sentenceOfWarning } from '../warnings'
import styles from './builder.module.css'
import { Unknown } from './Count'
import { useBuilding } from './context'

/** Of these, taking the condition away is what cures it. */
const REMOVABLE = ['duplicateCondition', 'addsNothing', 'neverTrue', 'alwaysTrue']

interface Props {
  at: Place
  /** Whether it lacks a value still. */
  wanting?: boolean
  /** Where a test's fact comes from: it says why it is unknown. */
  source?: string
}

export function Remarks({ at, wanting = false, source }: Props) {
  const { faults, warnings, when, edit, counts } = useBuilding()
  const t = useTexts(rulesTexts)
  // Of a value or an operator it is said at their input; of the rest here.
  const fault = faults.get(at)
  const found = warnings.get(at) ?? []
  // What is about the whole rule stands at its head.
  const shown = at === '' ? [] : found
  const outcomes = source && !wanting ? counts.get(at) : undefined
  const silent = !outcomes || outcomes.unknown + outcomes.untold === 0
  if (!fault && !wanting && shown.length === 0 && silent) return null
  const fix = ({ kind }: Warning) =>
    REMOVABLE.includes(kind) && removed(when, at) ? (
      <Button
        size="compact-xs"
        variant="default"
        onClick={() => {
          const rest = removed(when, at)
          if (rest) edit(rest)
        }}
      >
        {t.removeIt}
      </Button>
    ) : null
  return (
    <div className={styles.remarks}>
      {fault && (
        <p data-grade="error">
          <IconAlertTriangle size={14} aria-hidden /> {fault}
        </p>
      )}
      {!fault && wanting && <p data-grade="note">{t.wantsValue}</p>}
      <Unknown outcomes={outcomes} source={source} />
      {shown.map(warning => (
        <p key={warning.kind} data-grade={warning.severity}>
          {warning.severity === 'warning' ? (
            <IconAlertTriangle size={14} aria-hidden />
          ) : (
            <IconInfoCircle size={14} aria-hidden />
          )}
          {sentenceOfWarning(warning, t)} {fix(warning)}
        </p>
      ))}
    </div>
  )
}
