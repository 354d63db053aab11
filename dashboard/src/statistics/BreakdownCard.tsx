/** Clicks by one of some dimensions: the eight most clicked values, and a list of all. */
import { Button, Skeleton } from '@mantine/core'
import { lazy, Suspense, useState } from 'react'
import { barsPicture } from '~/charts/bars'
import { ChartCard } from '~/charts/ChartCard'
import { useColors } from '~/charts/colors'
import { Failed } from '~/parts/Failed'
import { useFormat } from '~/texts/format'
import { useTexts } from '~/texts/texts'
import { useAnswer } from './answers'
import { useBoard } from './board'
import { useLit } from './lit'
import { useNames, written } from './names'
import { Rows } from './Rows'
import { entriesOf } from './rows'
import { Tabs } from './Tabs'
import { statisticsTexts } from './texts'

const AllValues = lazy(() => import('./AllValues'))

const ROWS = 8
/** Whoever is among the eight now may have been further down before. */
const ROWS_BEFORE = 200

interface Props {
  title: string
  dimensions: readonly string[]
}

export function BreakdownCard({ title, dimensions }: Props) {
  const t = useTexts(statisticsTexts)
  const format = useFormat()
  const colors = useColors()
  const { caption, file } = useBoard()
  const [chosen, setChosen] = useState(dimensions[0] ?? '')
  const by = dimensions.includes(chosen) ? chosen : (dimensions[0] ?? '')
  const [all, setAll] = useState(false)
  const answer = useAnswer('breakdown', { by, limit: String(ROWS) }, { limitBefore: ROWS_BEFORE })
  const lit = useLit('breakdown', { by, limit: String(ROWS_BEFORE) })
  const name = useNames(by, answer.now?.rows.map(row => written(row.value)) ?? [])

  const { now } = answer
  const entries = now ? entriesOf(now.rows, now.clicks, answer.before?.rows) : []
  const top = entries[0]
  const tabs = dimensions.map(value => ({
    value,
    label: t.tabs[value] ?? t.dimensions[value] ?? value,
  }))
  return (
    <ChartCard
      title={title}
      caption={caption}
      file={[t.dimensions[by] ?? by, ...file]}
      old={answer.old}
      finding={
        top &&
        now &&
        t.topFinding(name(top.value), format.share(top.share), format.number(now.clicks))
      }
      findingUnseen
      table={
        now && {
          columns: [t.dimensions[by] ?? by, t.clicks, t.visitors],
          rows: entries.map(it => [name(it.value), it.clicks, it.visitors]),
        }
      }
      picture={() =>
        barsPicture(
          entries.map(it => ({
            name: name(it.value),
            count: `${format.number(it.clicks)}  ${format.share(it.share)}`,
            part: it.part,
          })),
          { text: colors.text, bar: colors.steps[0] ?? '' },
        )
      }
      tabs={1 < tabs.length && <Tabs of={title} tabs={tabs} value={by} onChange={setChosen} />}
    >
      <div style={{ minHeight: ROWS * 34 + 36 }}>
        {answer.error && <Failed error={answer.error} retry={answer.retry} />}
        {!answer.error && !now && <RowsToCome />}
        {!answer.error && now && (
          <>
            <Rows by={by} entries={entries} name={name} lit={lit?.rows} />
            {ROWS < now.groups && (
              <Button mt={4} size="compact-sm" variant="subtle" onClick={() => setAll(true)}>
                {t.all(format.number(now.groups))}
              </Button>
            )}
          </>
        )}
      </div>
      <Suspense>{all && <AllValues by={by} onClose={() => setAll(false)} />}</Suspense>
    </ChartCard>
  )
}

export function RowsToCome() {
  return Array.from({ length: ROWS }, (_, place) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: they are all alike
    <Skeleton key={place} height={30} mb={4} width={`${100 - place * 9}%`} />
  ))
}
