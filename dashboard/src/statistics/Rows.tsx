/**
 * Rows of a breakdown: a click filters, Alt+click leaves out, again takes it back.
 *
 * A page has a hundred of them, so they are plain buttons.
 */
import { IconCircleMinus } from '@tabler/icons-react'
import { Suspense, useMemo } from 'react'
import type { Row } from '~/api/statistics'
import { Flag } from '~/parts/Flag'
import { announce } from '~/shell/announcer'
import { useFormat } from '~/texts/format'
import { useTexts } from '~/texts/texts'
import { useBoard } from './board'
import { UNKNOWN } from './dimensions'
import { written } from './names'
import { has, toggle } from './question'
import styles from './Rows.module.css'
import type { Entry } from './rows'
import shared from './Statistics.module.css'
import { statisticsTexts } from './texts'

interface Props {
  by: string
  entries: readonly Entry[]
  name: (value: string) => string
  /** Those of a part of all clicks, which light up in theirs. */
  lit?: readonly Row[]
  /** Told when somebody points at a row, and when they no longer do. */
  point?: (value: string | null) => void
}

export function Rows({ by, entries, name, lit, point }: Props) {
  const t = useTexts(statisticsTexts)
  const format = useFormat()
  const { question, change } = useBoard()
  const parts = useMemo(() => new Map(lit?.map(row => [written(row.value), row.clicks])), [lit])
  if (entries.length === 0) return <p className={shared.small}>{t.nothing}</p>
  const pick = (value: string, not: boolean) => {
    change(toggle(question, by, value, not))
    announce(t.filterAdded(`${t.dimensions[by]} ${not ? t.isNot : t.is} ${name(value)}`))
  }
  return (
    <ul className={styles.rows}>
      {entries.map(({ value, clicks, share, part, change: changed }) => (
        <li
          key={value}
          className={styles.row}
          onPointerEnter={event => event.pointerType === 'mouse' && point?.(value)}
          onPointerLeave={() => point?.(null)}
          onFocus={event => event.target.matches(':focus-visible') && point?.(value)}
          onBlur={() => point?.(null)}
        >
          <span className={styles.fill} style={{ width: `${part * 100}%` }} />
          {lit && (
            <span
              className={styles.lit}
              style={{ width: `${(part * (parts.get(value) ?? 0) * 100) / Math.max(1, clicks)}%` }}
            />
          )}
          <button
            type="button"
            className={styles.pick}
            title={t.rowHint}
            aria-pressed={has(question, by, value)}
            onClick={event => pick(value, event.altKey)}
            onKeyDown={event => {
              if (event.key !== 'Enter' || !event.altKey) return
              event.preventDefault()
              pick(value, true)
            }}
          >
            <span className={styles.name}>
              {by === 'country' && value !== UNKNOWN && (
                <Suspense>
                  <Flag country={value} />
                </Suspense>
              )}
              <span>{name(value)}</span>
            </span>
            <span className={styles.count}>{format.number(clicks)}</span>
            <span className={styles.weak}>{format.share(share)}</span>
            <span className={styles.weak}>
              {changed === null
                ? ''
                : `${0 < changed ? '▲' : changed < 0 ? '▼' : ''} ${format.change(changed)}`}
            </span>
          </button>
          <button
            type="button"
            className={styles.out}
            aria-label={t.exclude(name(value))}
            onClick={() => pick(value, true)}
          >
            <IconCircleMinus size={16} aria-hidden />
          </button>
        </li>
      ))}
    </ul>
  )
}
