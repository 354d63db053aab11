/** The links that fit, as rows or, where there is little room, as cards; only those near the screen are drawn. */
import { Checkbox, Text, UnstyledButton } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { IconArrowDown, IconArrowUp } from '@tabler/icons-react'
import { useWindowVirtualizer } from '@tanstack/react-virtual'
import { lazy, Suspense, useEffect, useMemo, useRef, useState } from 'react'
import { useTexts } from '~/texts/texts'
import { useFilterChange } from './LinkFilters'
import { LinkCard, LinkRow } from './LinkRow'
import styles from './LinksTable.module.css'
import type { Link } from './link'
import { type Filter, type Sort, sortText } from './list'
import { useSelection } from './selection'
import { useSparks } from './sparks'
import { linksTexts } from './texts'
import { useRowKeys } from './useRowKeys'

const BulkBar = lazy(() => import('./BulkBar'))
const QrDialog = lazy(() => import('./qr/QrDialog'))

const ROW = 61
const CARD = 150
/** How near to the end the next page is asked for. */
const AHEAD = 30

interface Props {
  links: readonly Link[]
  total?: number
  filter: Filter
  isLoading: boolean
  isStale: boolean
  hasMore: boolean
  more: () => void
}

export function LinksTable({ links, total, filter, isLoading, isStale, hasMore, more }: Props) {
  const t = useTexts(linksTexts)
  const isNarrow = useMediaQuery('(max-width: 767px)', false, { getInitialValueInEffect: false })
  const frame = useRef<HTMLDivElement>(null)
  const ids = useMemo(() => links.map(({ id }) => id), [links])
  const selection = useSelection(ids)
  const [qrOf, setQrOf] = useState<Link | null>(null)
  const [top, setTop] = useState(0)
  useEffect(() => setTop(frame.current?.offsetTop ?? 0), [])

  const rows = useWindowVirtualizer({
    count: links.length,
    estimateSize: () => (isNarrow ? CARD : ROW),
    getItemKey: index => ids[index] ?? index,
    overscan: 12,
    scrollMargin: top,
    scrollPaddingStart: 60,
    scrollPaddingEnd: 80,
  })
  const drawn = rows.getVirtualItems()
  const lastDrawn = drawn.at(-1)?.index ?? 0
  useEffect(() => {
    if (hasMore && links.length - AHEAD < lastDrawn) more()
  }, [hasMore, links.length, lastDrawn, more])

  const days = useSparks(useMemo(() => inHundreds(ids), [ids]))
  const current = useRowKeys({ links, selection, frame, scrollTo: rows.scrollToIndex, qr: setQrOf })
  const chosen = useMemo(
    () => links.filter(link => selection.chosen.has(link.id)),
    [links, selection.chosen],
  )

  const before = (drawn[0]?.start ?? top) - top
  const after = rows.getTotalSize() - ((drawn.at(-1)?.end ?? top) - top)
  const drawnRows = drawn.flatMap(({ index }) => {
    const link = links[index]
    if (!link) return []
    return {
      link,
      index,
      days: days.get(link.id),
      isChosen: selection.chosen.has(link.id),
      isCurrent: index === current.index,
      toggle: selection.toggle,
      point: current.point,
      qr: setQrOf,
    }
  })

  return (
    <div
      ref={frame}
      className={styles.frame}
      data-stale={isStale || undefined}
      aria-busy={isLoading}
    >
      {isNarrow ? (
        <ul className={styles.cards} style={{ paddingTop: before, paddingBottom: after }}>
          {drawnRows.map(row => (
            <LinkCard key={row.link.id} measure={rows.measureElement} {...row} />
          ))}
        </ul>
      ) : (
        <table
          className={styles.table}
          aria-rowcount={(total ?? (hasMore ? -2 : links.length)) + 1}
        >
          <caption className="unseen">{t.links}</caption>
          <thead>
            <tr aria-rowindex={1}>
              <th className={styles.check}>
                <Checkbox
                  size="xs"
                  aria-label={t.chooseAll}
                  checked={0 < links.length && links.length === chosen.length}
                  indeterminate={0 < chosen.length && chosen.length < links.length}
                  onChange={() =>
                    chosen.length < links.length ? selection.choose(ids) : selection.clear()
                  }
                />
              </th>
              <SortHead sort="slug" filter={filter} label={t.link} />
              <th className={styles.tags}>{t.tags}</th>
              <th className={styles.state}>{t.state}</th>
              <SortHead sort="clicks" filter={filter} label={t.clicks} isNumber />
              <SortHead sort="created" filter={filter} label={t.created} isDate />
              <th className={styles.actions}>
                <span className="unseen">{t.actions}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {0 < before && <Gap height={before} />}
            {drawnRows.map(row => (
              <LinkRow key={row.link.id} {...row} />
            ))}
            {0 < after && <Gap height={after} />}
          </tbody>
        </table>
      )}
      {isLoading && <Waiting />}
      <Suspense fallback={null}>
        {0 < chosen.length && <BulkBar links={chosen} selection={selection} />}
        {qrOf && <QrDialog link={qrOf} onClose={() => setQrOf(null)} />}
      </Suspense>
    </div>
  )
}

interface HeadProps {
  sort: Sort
  filter: Filter
  label: string
  isNumber?: boolean
  isDate?: boolean
}

/** A column's head, which sorts by it: numbers and dates from the largest at first. */
function SortHead({ sort, filter, label, isNumber, isDate }: HeadProps) {
  const change = useFilterChange()
  const isSorted = filter.sort === sort
  const Arrow = filter.descending ? IconArrowDown : IconArrowUp
  const next = isSorted ? !filter.descending : Boolean(isNumber || isDate)
  return (
    <th
      aria-sort={isSorted ? (filter.descending ? 'descending' : 'ascending') : undefined}
      className={isNumber ? styles.clicks : isDate ? styles.created : styles.name}
    >
      <UnstyledButton
        className={styles.sort}
        onClick={() => change({ sort: sortText(sort, next) ?? '' })}
      >
        {label}
        {isSorted && <Arrow size={14} aria-hidden />}
      </UnstyledButton>
    </th>
  )
}

/** The room of rows that are not drawn. */
function Gap({ height }: { height: number }) {
  return (
    <tr aria-hidden className={styles.gap}>
      <td colSpan={7} style={{ height, padding: 0 }} />
    </tr>
  )
}

/** As high as the rows that are to come. */
function Waiting() {
  const t = useTexts(linksTexts)
  return (
    <div role="status">
      <Text className="unseen">{t.loading}</Text>
      {Array.from({ length: 10 }, (_, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: ten bars that are all alike
        <div key={index} className={styles.waiting} />
      ))}
    </div>
  )
}

/** As many links as one question about sparks may name. */
function inHundreds(ids: readonly string[]): string[][] {
  const pages: string[][] = []
  for (let from = 0; from < ids.length; from += 100) pages.push(ids.slice(from, from + 100))
  return pages
}
