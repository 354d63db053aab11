/** What is not known of how many clicks, why, and what would help. */
import { Anchor, Skeleton } from '@mantine/core'
import { useQueries } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { answerQuery } from '~/api/statistics'
import { barsPicture } from '~/charts/bars'
import { ChartCard } from '~/charts/ChartCard'
import { useColors } from '~/charts/colors'
import { Failed } from '~/parts/Failed'
import { useFormat } from '~/texts/format'
import { useTexts } from '~/texts/texts'
import { askOf, useBoard } from './board'
import { UNKNOWN } from './dimensions'
import { useNear } from './Part'
import styles from './Statistics.module.css'
import { statisticsTexts } from './texts'

/** What might be known of every click. */
const FACTS = [
  'country',
  'region',
  'city',
  'isp',
  'device',
  'os',
  'browser',
  'language',
  'referrerDomain',
  'returning',
] as const

/** Where what helps is done. */
const CURED_AT: Record<string, '/settings/geo' | '/links' | undefined> = {
  country: '/settings/geo',
  region: '/settings/geo',
  city: '/settings/geo',
  isp: '/settings/geo',
  referrerDomain: '/links',
}

export function UnknownsCard() {
  const t = useTexts(statisticsTexts)
  const format = useFormat()
  const colors = useColors()
  const board = useBoard()
  const near = useNear()
  const ask = askOf(board)
  // A filter on the fact itself says already what is known of it.
  const facts = FACTS.filter(by => !board.question.filters.some(filter => filter.by === by))
  const answers = useQueries({
    queries: [
      { ...answerQuery('total', 'unknown', ask), enabled: near },
      ...facts.map(by => ({
        ...answerQuery('total', `unknown ${by}`, { ...ask, [by]: UNKNOWN }),
        enabled: near,
      })),
    ],
  })
  const [whole, ...each] = answers
  const total = whole?.data?.clicks ?? 0
  const error = answers.find(answer => answer.error && !answer.data)?.error
  const known = each.map((answer, place) => ({
    by: facts[place] ?? '',
    clicks: answer.data?.clicks ?? 0,
  }))
  const unknown = known.filter(it => 0 < it.clicks).sort((a, b) => b.clicks - a.clicks)
  const top = unknown[0]
  const isThere = answers.every(answer => answer.data)
  return (
    <ChartCard
      title={t.unknowns}
      caption={board.caption}
      file={[t.unknowns, ...board.file]}
      old={answers.some(answer => answer.isPlaceholderData)}
      finding={
        isThere
          ? top
            ? t.unknownsFinding(t.dimensions[top.by] ?? top.by, format.share(top.clicks / total))
            : t.unknownsNone
          : undefined
      }
      table={
        isThere
          ? {
              columns: [t.value, t.unknown, t.clicks],
              rows: known.map(it => [t.dimensions[it.by] ?? it.by, it.clicks, total]),
            }
          : undefined
      }
      picture={() =>
        barsPicture(
          unknown.map(it => ({
            name: t.dimensions[it.by] ?? it.by,
            count: `${format.number(it.clicks)}  ${format.share(it.clicks / total)}`,
            part: it.clicks / total,
          })),
          { text: colors.text, bar: colors.steps[0] ?? '' },
        )
      }
    >
      {error && (
        <Failed
          error={error}
          retry={() => answers.map(answer => answer.isError && answer.refetch())}
        />
      )}
      {!error && !isThere && <Skeleton height={280} />}
      <ul className={styles.facts}>
        {!error &&
          isThere &&
          unknown.map(({ by, clicks }) => (
            <li key={by} className={styles.fact}>
              <b>{t.dimensions[by]}</b>
              <span>
                {format.number(clicks)} · {format.share(clicks / total)}
              </span>
              <p>
                {t.reasons[by]}{' '}
                {CURED_AT[by] && (
                  <Anchor component={Link} to={CURED_AT[by]} size="sm" underline="always">
                    {t.cures[by]}
                  </Anchor>
                )}
              </p>
            </li>
          ))}
      </ul>
    </ChartCard>
  )
}
