/** Who changes: by country, by device, by the rule that decided. */
import { Suspense } from 'react'
import { Flag } from '~/parts/Flag'
import { useFormat } from '~/texts/format'
import { useTexts } from '~/texts/texts'
import { ELSE } from './flow'
import type { Named } from './names'
import type { Counts, Replay } from './replay'
import { whatIfTexts } from './texts'
import styles from './WhatIf.module.css'

const MOST = 6

interface Props {
  replay: Replay
  ruleName: (id: string) => Named
}

export function ChangedBy({ replay, ruleName }: Props) {
  const t = useTexts(whatIfTexts)
  const format = useFormat()
  const country = (code: string | null | undefined) =>
    code ? (
      <>
        <Suspense fallback={null}>
          <Flag country={code} />
        </Suspense>{' '}
        {format.country(code)}
      </>
    ) : (
      t.nobodyKnows
    )
  return (
    <div className={styles.columns}>
      <List
        title={t.byCountry}
        rows={replay.countries}
        name={({ value }) => country(value)}
        keyOf={({ value }) => value ?? ''}
      />
      <List
        title={t.byDevice}
        rows={replay.devices}
        name={({ value }) => value ?? t.nobodyKnows}
        keyOf={({ value }) => value ?? ''}
      />
      <List
        title={t.byRule}
        rows={replay.rules}
        name={({ rule }) => ruleName(rule ?? ELSE).name}
        keyOf={({ rule }) => rule ?? ELSE}
      />
    </div>
  )
}

interface ListProps<Row extends Counts> {
  title: string
  rows: readonly Row[]
  name: (row: Row) => React.ReactNode
  keyOf: (row: Row) => string
}

function List<Row extends Counts>({ title, rows, name, keyOf }: ListProps<Row>) {
  const t = useTexts(whatIfTexts)
  const format = useFormat()
  const changed = rows
    .filter(({ changed }) => changed > 0)
    .toSorted((a, b) => b.changed - a.changed)
  const most = changed[0]?.changed ?? 1
  if (changed.length === 0) return null
  return (
    <section aria-label={title}>
      <h3 className={styles.small}>{title}</h3>
      <ul className={styles.bars}>
        {changed.slice(0, MOST).map(row => {
          const all = row.same + row.changed + row.unknown
          return (
            <li key={keyOf(row)}>
              <span
                className={styles.fill}
                style={{ width: `${(row.changed / most) * 100}%` }}
                aria-hidden
              />
              <span className={styles.what}>{name(row)}</span>
              <span>
                {format.number(row.changed)}{' '}
                <small>{t.ofTheirs(format.share(row.changed / all))}</small>
              </span>
            </li>
          )
        })}
      </ul>
    </section>
  )
}
