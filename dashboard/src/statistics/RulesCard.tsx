/** Which rule takes how many of a link's clicks, and which way of a split. */
import { Skeleton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useEffect } from 'react'
import type { Schemas } from '~/api/client'
import { linkQuery } from '~/api/statistics'
import { barsPicture } from '~/charts/bars'
import { ChartCard } from '~/charts/ChartCard'
import { useColors } from '~/charts/colors'
import { Failed } from '~/parts/Failed'
import { useFormat } from '~/texts/format'
import { useTexts } from '~/texts/texts'
import { useAnswer } from './answers'
import { useBoard } from './board'
import { UNKNOWN } from './dimensions'
import { usePoint } from './lit'
import { useNames, written } from './names'
import { Rows } from './Rows'
import { type Entry, entriesOf } from './rows'
import styles from './Statistics.module.css'
import { statisticsTexts } from './texts'

export function RulesCard({ link }: { link: string }) {
  const t = useTexts(statisticsTexts)
  const format = useFormat()
  const colors = useColors()
  const { caption, file } = useBoard()
  const answer = useAnswer('breakdown', { by: 'rule', limit: '100' }, { limitBefore: 100 })
  const rules = useQuery(linkQuery(link)).data?.rules ?? []
  const { now } = answer
  const name = useNames('rule', now?.rows.map(row => written(row.value)) ?? [])
  const entries = now ? inOrder(entriesOf(now.rows, now.clicks, answer.before?.rows), rules) : []
  const point = usePoint()
  // A row that goes away under the pointer never tells that it was left.
  useEffect(() => () => point(null), [point])
  const top = entries.toSorted((a, b) => b.clicks - a.clicks)[0]
  return (
    <ChartCard
      title={t.rules}
      caption={caption}
      file={[t.rules, ...file]}
      old={answer.old}
      finding={top && t.rulesFinding(name(top.value), format.share(top.share))}
      table={
        now && {
          columns: [t.dimensions.rule ?? '', t.clicks, t.visitors],
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
    >
      {answer.error && <Failed error={answer.error} retry={answer.retry} />}
      {!answer.error && !now && <Skeleton height={280} />}
      {!answer.error && now && (
        <>
          <Rows
            by="rule"
            entries={entries}
            name={name}
            point={rule => point(rule === null ? null : { rule, name: name(rule) })}
          />
          {rules.filter(isSplit).map(rule => (
            <Ways key={rule.id} rule={rule} />
          ))}
        </>
      )}
    </ChartCard>
  )
}

/** As the rules are tried; what is gone and everyone else at the end. */
function inOrder(entries: Entry[], rules: readonly Schemas['Rule'][]): Entry[] {
  const place = ({ value }: Entry) => {
    if (value === UNKNOWN) return rules.length + 1
    const found = rules.findIndex(rule => rule.id === value)
    return found < 0 ? rules.length : found
  }
  return entries.toSorted((a, b) => place(a) - place(b))
}

function isSplit(rule: Schemas['Rule']): boolean {
  return 'split' in rule.action
}

/** How many each way of a rule's split took. */
function Ways({ rule }: { rule: Schemas['Rule'] }) {
  const t = useTexts(statisticsTexts)
  const format = useFormat()
  const answer = useAnswer(
    'breakdown',
    { by: 'variant', limit: '50', rule: rule.id },
    { compared: false },
  )
  const { now } = answer
  const split = 'split' in rule.action ? rule.action.split : []
  if (!now || now.clicks === 0) return null
  const entries = entriesOf(now.rows, now.clicks, undefined)
  return (
    <section style={{ marginTop: 12 }} aria-label={rule.name ?? undefined}>
      <h3 className={styles.label} style={{ fontSize: 13, margin: '0 8px 4px' }}>
        {t.experimentOf(rule.name || rule.id)}
      </h3>
      <Rows
        by="variant"
        entries={entries.toSorted((a, b) => Number(a.value) - Number(b.value))}
        name={value => {
          const way = split?.[Number(value)]
          return way
            ? `${t.variantName(Number(value) + 1)} · ${t.weight} ${format.number(way.weight)} · ${way.redirect}`
            : t.variantName(Number(value) + 1)
        }}
      />
    </section>
  )
}
