/** Slugs that were asked for and that no link has. */
import { Anchor, Skeleton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { unmatchedQuery } from '~/api/statistics'
import { barsPicture } from '~/charts/bars'
import { ChartCard } from '~/charts/ChartCard'
import { useColors } from '~/charts/colors'
import { Failed } from '~/parts/Failed'
import { useFormat } from '~/texts/format'
import { useTexts } from '~/texts/texts'
import { useBoard } from './board'
import styles from './Rows.module.css'
import { statisticsTexts } from './texts'

export function UnmatchedCard() {
  const t = useTexts(statisticsTexts)
  const format = useFormat()
  const colors = useColors()
  const { window, question, caption, file } = useBoard()
  const { subject } = question
  const found = useQuery(
    unmatchedQuery({
      from: window.from,
      to: window.to,
      limit: '8',
      ...(subject?.by === 'domain' && { domain: subject.value }),
    }),
  )
  const rows = found.data?.rows ?? []
  const most = Math.max(1, ...rows.map(row => row.requests))
  return (
    <ChartCard
      title={t.unmatched}
      caption={caption}
      file={[t.unmatched, ...file]}
      old={found.isPlaceholderData}
      finding={
        found.data &&
        (found.data.requests
          ? t.unmatchedFinding(format.number(found.data.requests))
          : t.unmatchedNone)
      }
      table={
        rows.length
          ? {
              columns: [t.dimensions.domain ?? '', t.slug, t.requests],
              rows: rows.map(row => [row.domain, row.slug ?? t.others, row.requests]),
            }
          : undefined
      }
      picture={() =>
        barsPicture(
          rows.map(row => ({
            name: row.slug ?? t.others,
            count: format.number(row.requests),
            part: row.requests / most,
          })),
          { text: colors.text, bar: colors.steps[0] ?? '' },
        )
      }
    >
      {found.error && !found.data && <Failed error={found.error} retry={found.refetch} />}
      {found.isPending && <Skeleton height={280} />}
      <ul className={styles.rows}>
        {rows.map(row => (
          <li key={`${row.domain}/${row.slug}`} className={styles.row}>
            <span className={styles.fill} style={{ width: `${(row.requests / most) * 100}%` }} />
            <span className={styles.pick}>
              <span className="address">{row.slug ? `${row.domain}/${row.slug}` : t.others}</span>
              <span className={styles.count}>{format.number(row.requests)}</span>
              {row.slug && (
                <Anchor
                  component={Link}
                  to="/links/new"
                  search={{ slug: row.slug, domain: row.domain } as never}
                  size="sm"
                  underline="always"
                  style={{ gridColumn: 'span 2' }}
                  aria-label={t.makeLink(row.slug)}
                >
                  {t.makeShort}
                </Anchor>
              )}
            </span>
          </li>
        ))}
      </ul>
    </ChartCard>
  )
}
