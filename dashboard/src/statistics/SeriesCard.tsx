/** Clicks over time, beside those of the time before. */
import { Select, Skeleton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useCallback, useMemo } from 'react'
import { revisionsQuery } from '~/api/statistics'
import { Chart } from '~/charts/Chart'
import { ChartCard } from '~/charts/ChartCard'
import type { Colors } from '~/charts/colors'
import type { Table } from '~/charts/table'
import { Failed } from '~/parts/Failed'
import { useFormat } from '~/texts/format'
import { useLanguage, useTexts } from '~/texts/texts'
import { useAnswer } from './answers'
import { useBoard } from './board'
import type { Measure } from './Headlines'
import { useLit } from './lit'
import { INTERVALS, type Interval } from './question'
import { placesOf, pointsOf, seriesOption, unfinishedOf } from './series'
import { statisticsTexts } from './texts'
import { timeIn } from './times'

const HEIGHT = 260

export function SeriesCard({ measure }: { measure: Measure }) {
  const t = useTexts(statisticsTexts)
  const format = useFormat()
  const language = useLanguage()
  const { question, window, link, change, caption, file } = useBoard()
  const { interval, zone } = window
  const answer = useAnswer('series', { interval })
  const lit = useLit('series', { interval })
  const revisions = useQuery({ ...revisionsQuery(link ?? ''), enabled: link !== undefined })

  const drawing = useMemo(() => {
    const rows = answer.now?.rows ?? []
    const before = answer.before?.rows
    const points = pointsOf(rows, before, measure, answer.at)
    const unfinished = unfinishedOf(points, interval, answer.at)
    // The first revision came with the link: that is no news.
    const marks = (revisions.data?.data ?? [])
      .filter(({ number }) => 1 < number)
      .map(({ number, createdAt }) => ({ at: createdAt, text: t.published(number) }))
    const places = placesOf(marks, points)
    const label = (since: string) => short(since, interval, zone, language)
    const tip = (place: number) => {
      const point = points[place]
      if (!point) return ''
      const lines = [`<b>${long(point.since, interval, zone, language)}</b>`]
      const name = measure === 'clicks' ? t.clicks : t.visitors
      if (point.now !== null) {
        const open = unfinished === place ? ` (${t.notFinished})` : ''
        lines.push(`${name}: <b>${format.number(point.now)}</b>${open}`)
      }
      if (point.before !== null) {
        const since = before?.[place]?.since ?? ''
        const changed =
          point.now !== null && unfinished !== place && 0 < point.before
            ? ` (${format.change(point.now / point.before - 1)})`
            : ''
        lines.push(`${label(since)}, ${t.before}: ${format.number(point.before)}${changed}`)
      }
      for (const mark of places.get(place) ?? []) lines.push(`◆ ${mark.text}`)
      return lines.join('<br>')
    }
    return {
      points,
      lit: lit && {
        name: lit.name,
        values: points.map((point, place) =>
          point.now === null ? null : (lit.rows[place]?.[measure] ?? 0),
        ),
      },
      unfinished,
      marks,
      label,
      tip,
      names: { now: t.seriesNow, before: t.before },
      number: (n: number) => format.short(n),
    }
  }, [
    answer.now,
    answer.before,
    answer.at,
    lit,
    measure,
    interval,
    zone,
    language,
    revisions.data,
    t,
    format,
  ])

  const option = useCallback((colors: Colors) => seriesOption(drawing, colors), [drawing])
  const { points, unfinished } = drawing
  const over = points.filter((point, place) => point.now !== null && place !== unfinished)
  const most = over.toSorted((a, b) => (b.now ?? 0) - (a.now ?? 0))[0]
  const least = over.toSorted((a, b) => (a.now ?? 0) - (b.now ?? 0))[0]
  const finding =
    most && least && most !== least && answer.now?.clicks
      ? t.seriesFinding(
          format.number(most.now ?? 0),
          drawing.label(most.since),
          format.number(least.now ?? 0),
          drawing.label(least.since),
        )
      : undefined
  const table: Table = {
    columns: [
      t.at,
      measure === 'clicks' ? t.clicks : t.visitors,
      ...(answer.before ? [t.before] : []),
    ],
    rows: points.map(({ since, now, before }) => [
      csvTime(since, interval, zone),
      now,
      ...(answer.before ? [before] : []),
    ]),
  }
  const shared = {
    title: t.series,
    caption,
    file: [measure === 'clicks' ? t.clicks : t.visitors, ...file],
    old: answer.old,
    tools: (
      <Select
        size="xs"
        w={130}
        aria-label={t.interval}
        allowDeselect={false}
        data={INTERVALS.map(value => ({ value, label: t.intervals[value] }))}
        value={interval}
        onChange={value => change({ ...question, interval: value as Interval })}
      />
    ),
  }
  if (answer.error || !answer.now) {
    return (
      <ChartCard {...shared}>
        {answer.error ? (
          <Failed error={answer.error} retry={answer.retry} />
        ) : (
          <Skeleton height={HEIGHT + 28} />
        )}
      </ChartCard>
    )
  }
  return (
    <Chart
      {...shared}
      kind="line"
      height={HEIGHT}
      option={option}
      finding={finding}
      table={table}
      points={points.map((_, place) => plain(drawing.tip(place)))}
    />
  )
}

const SHORT: Record<Interval, Intl.DateTimeFormatOptions> = {
  hour: { weekday: 'short', hour: '2-digit', minute: '2-digit' },
  day: { weekday: 'short', day: 'numeric', month: 'short' },
  week: { day: 'numeric', month: 'short' },
  month: { month: 'short', year: 'numeric' },
}

const LONG: Record<Interval, Intl.DateTimeFormatOptions> = {
  hour: { dateStyle: 'full', timeStyle: 'short' },
  day: { dateStyle: 'full' },
  week: { dateStyle: 'full' },
  month: { month: 'long', year: 'numeric' },
}

function short(since: string, interval: Interval, zone: string, language: string): string {
  return since ? timeIn(language, zone, SHORT[interval]).format(new Date(since)) : ''
}

function long(since: string, interval: Interval, zone: string, language: string): string {
  return timeIn(language, zone, LONG[interval]).format(new Date(since))
}

const SORTED: Intl.DateTimeFormatOptions = { dateStyle: 'short', timeStyle: 'short' }

/** Spreadsheets sort it: `2026-11-22`, with the hour where that matters. */
function csvTime(since: string, interval: Interval, zone: string): string {
  const text = timeIn('sv-SE', zone, SORTED).format(new Date(since))
  return interval === 'hour' ? text.slice(0, 16) : text.slice(0, 10)
}

function plain(html: string): string {
  return html.replaceAll('<br>', ', ').replaceAll(/<[^>]+>/g, '')
}
