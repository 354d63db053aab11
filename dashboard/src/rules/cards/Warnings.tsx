/** What is wrong with a rule, or to be known of it, each with what helps. */
import { Button } from '@mantine/core'
import { IconAlertTriangle, IconInfoCircle } from '@tabler/icons-react'
import type { Fault } from '~/api/problem'
import { useTexts } from '~/texts/texts'
import { placeOf, type Warning } from '../analysis'
import { type RulesTexts, rulesTexts } from '../texts'
import { type Fix, sentenceOfWarning, worst } from '../warnings'
import styles from './Warnings.module.css'

interface Props {
  /** What the server does not take. */
  wrong: readonly Fault[]
  warnings: readonly Warning[]
  /** An open card says at each condition what is about that condition. */
  isOpen: boolean
  fixes: (warning: Warning) => readonly Fix[]
  onFix: (fix: Fix) => void
  onPreview: (fix: Fix | undefined) => void
}

export function Warnings({ wrong, warnings, isOpen, fixes, onFix, onPreview }: Props) {
  const t = useTexts(rulesTexts)
  const grave = worst(warnings)
  const first = isOpen ? undefined : wrong[0]
  const shown = warnings.filter(warning => (isOpen ? !placeOf(warning.at) : warning === grave))
  if (!first && shown.length === 0) return null
  return (
    <ul className={styles.warnings}>
      {first && (
        <li className={styles.warning} data-grade="error">
          <span>
            <IconAlertTriangle size={14} aria-hidden /> {t.faulty}
          </span>
          {first.detail}
        </li>
      )}
      {shown.map(warning => {
        const Icon = warning.severity === 'warning' ? IconAlertTriangle : IconInfoCircle
        return (
          <li
            key={warning.kind + warning.at}
            className={styles.warning}
            data-grade={warning.severity}
          >
            <span>
              <Icon size={14} aria-hidden />
              {t.marks[warning.kind] ?? t.marks.other}
            </span>
            {sentenceOfWarning(warning, t)}
            {fixes(warning).map(fix => (
              <Button
                key={fix.kind}
                size="compact-xs"
                variant="default"
                onClick={() => onFix(fix)}
                onPointerEnter={() => onPreview(fix)}
                onPointerLeave={() => onPreview(undefined)}
                onFocus={() => onPreview(fix)}
                onBlur={() => onPreview(undefined)}
              >
                {fixLabel(fix, t)}
              </Button>
            ))}
          </li>
        )
      })}
    </ul>
  )
}

function fixLabel(fix: Fix, t: RulesTexts): string {
  switch (fix.kind) {
    case 'moveAbove':
      return t.fixes.moveAbove(fix.to + 1)
    case 'show':
      return t.fixes.show(fix.rule + 1)
    case 'dropValues':
      return t.fixes.dropValues(fix.values.join(', '))
    default:
      return t.fixes[fix.kind]
  }
}
