/** The four numbers above all: how many, and how many before. */
import { Skeleton, Tooltip, UnstyledButton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { conversionsSince } from '~/api/statistics'
import { Failed } from '~/parts/Failed'
import { useFormat } from '~/texts/format'
import { useTexts } from '~/texts/texts'
import { type Answered, useAnswer } from './answers'
import { useBoard } from './board'
import styles from './Statistics.module.css'
import { statisticsTexts } from './texts'

export type Measure = 'clicks' | 'visitors'

/** With fewer before, a change says little. */
const FEW = 30

interface Props {
  measure: Measure
  choose: (measure: Measure) => void
}

export function Headlines({ measure, choose }: Props) {
  const t = useTexts(statisticsTexts)
  const format = useFormat()
  const { question, change } = useBoard()
  const answer = useAnswer('total')
  if (answer.error) {
    return (
      <div className={styles.wide}>
        <Failed error={answer.error} retry={answer.retry} />
      </div>
    )
  }
  const { now, before } = answer
  const count = (of: Measure) => ({ n: now?.rows[0]?.[of], earlier: before?.rows[0]?.[of] })
  const leftOut = Object.values(now?.leftOut ?? {}).reduce((sum, n) => sum + n, 0)
  return (
    <div className={styles.numbers}>
      {(['clicks', 'visitors'] as const).map(of => (
        <UnstyledButton
          key={of}
          className={styles.number}
          aria-pressed={measure === of}
          onClick={() => choose(of)}
        >
          {of === 'visitors' ? (
            <Tooltip label={t.visitorsWhat} multiline w={280}>
              <span className={styles.label}>{t.visitors}</span>
            </Tooltip>
          ) : (
            <span className={styles.label}>{t.clicks}</span>
          )}
          <Figure {...count(of)} old={answer.old} />
        </UnstyledButton>
      ))}
      <div className={styles.number}>
        <span className={styles.label}>{t.conversions}</span>
        <Conversions total={answer} />
      </div>
      <div className={styles.number}>
        <span className={styles.label}>{question.bots ? t.botsIn : t.botsLeftOut}</span>
        <div className={styles.figure} data-old={answer.old || undefined}>
          {now ? question.bots ? '–' : format.number(leftOut) : <Skeleton h={28} w={80} my={4} />}
        </div>
        <UnstyledButton
          c="var(--accent)"
          fz={13}
          td="underline"
          mih={24}
          aria-pressed={question.bots}
          onClick={() => change({ ...question, bots: !question.bots })}
        >
          {question.bots ? t.leaveOut : t.show}
        </UnstyledButton>
      </div>
    </div>
  )
}

/** A number and its change; the full number before is on the change. */
function Figure({
  n,
  earlier,
  old,
  written,
}: {
  n: number | undefined
  earlier: number | undefined
  old: boolean
  written?: string
}) {
  const t = useTexts(statisticsTexts)
  const format = useFormat()
  if (n === undefined) return <Skeleton h={28} w={100} my={4} />
  let change: ReactNode = null
  if (earlier === 0) change = <span className={styles.small}>{t.nothingBefore}</span>
  else if (earlier !== undefined && earlier < FEW) {
    change = <span className={styles.small}>{t.fewBefore(format.number(earlier))}</span>
  } else if (earlier !== undefined) {
    change = (
      <span className={styles.small}>
        <b>{arrow(n, earlier)}</b> {t.wasBefore(format.number(earlier))}
      </span>
    )
  }
  return (
    <>
      <div className={styles.figure} data-old={old || undefined}>
        {written ?? format.number(n)}
      </div>
      {change}
    </>
  )

  function arrow(n: number, earlier: number) {
    const sign = n === earlier ? '' : earlier < n ? '▲ ' : '▼ '
    return sign + format.change(n / earlier - 1)
  }
}

/** The server tells them by link alone, unless it counts them itself. */
function Conversions({ total }: { total: Answered }) {
  const t = useTexts(statisticsTexts)
  const format = useFormat()
  const { question, window, link } = useBoard()
  const told = total.now?.rows[0]?.conversions
  const countable = question.filters.length === 0 && question.subject === null
  const start = (window.before ?? window).from
  const found = useQuery({
    queryKey: ['statistics', 'conversions', '', { start, link }],
    queryFn: ({ signal }) => conversionsSince(start, link, signal),
    enabled: total.now !== undefined && told === undefined && countable,
  })
  if (told !== undefined) {
    return <Figure n={told} earlier={total.before?.rows[0]?.conversions} old={total.old} />
  }
  if (!countable || found.isError) {
    return (
      <>
        <div className={styles.figure}>–</div>
        <span className={styles.small}>{found.error?.message ?? t.conversionsCannot}</span>
      </>
    )
  }
  const { at, all } = found.data ?? { at: [], all: true }
  const within = (from: string, to: string) => at.filter(it => from <= it && it < to).length
  const n = total.now && found.data && within(total.now.from, total.now.to)
  const { before } = total
  return (
    <Figure
      n={n}
      earlier={before && all ? within(before.from, before.to) : undefined}
      old={total.old}
      written={all || n === undefined ? undefined : t.atLeast(format.number(n))}
    />
  )
}
