/** Lines over time, as ECharts draws them: now solid, before dotted, what is not over yet dashed. */
import type { Row } from '~/api/statistics'
import type { Colors } from '~/charts/colors'
import type { Option } from '~/charts/engine'
import type { Measure } from './Headlines'
import type { Interval } from './question'

export interface Point {
  since: string
  /** Null for what has not begun. */
  now: number | null
  before: number | null
}

export interface Mark {
  at: string
  text: string
}

/** Some of all clicks, over the same points. */
export interface LitLine {
  name: string
  values: (number | null)[]
}

export interface Drawing {
  points: Point[]
  /** What lights up before the rest. */
  lit: LitLine | null
  /** Which of the points goes on, if any does. */
  unfinished: number | null
  marks: Mark[]
  /** Of a point, short for the axis. */
  label: (since: string) => string
  /** All that a point says, as HTML made of our own words and numbers. */
  tip: (place: number) => string
  names: { now: string; before: string }
  number: (n: number) => string
}

const STEP_MS: Record<Interval, number> = {
  hour: 3_600_000,
  day: 86_400_000,
  week: 7 * 86_400_000,
  month: 31 * 86_400_000,
}

export function pointsOf(
  rows: readonly Row[],
  before: readonly Row[] | undefined,
  measure: Measure,
  now: number,
): Point[] {
  return rows.map((row, place) => ({
    since: row.since ?? '',
    now: now < Date.parse(row.since ?? '') ? null : row[measure],
    before: before?.[place]?.[measure] ?? null,
  }))
}

/** The point that goes on: the last that has begun, if it may still grow. */
export function unfinishedOf(
  points: readonly Point[],
  interval: Interval,
  now: number,
): number | null {
  const last = points.findLastIndex(point => point.now !== null)
  const point = points[last]
  if (!point) return null
  const next = points[last + 1]
  const end = next ? Date.parse(next.since) : Date.parse(point.since) + STEP_MS[interval]
  return now < end ? last : null
}

/** Which point each mark belongs to: the last that began before it. */
export function placesOf(marks: readonly Mark[], points: readonly Point[]): Map<number, Mark[]> {
  const places = new Map<number, Mark[]>()
  for (const mark of marks) {
    const place = points.findLastIndex(point => Date.parse(point.since) <= Date.parse(mark.at))
    if (0 <= place) places.set(place, [...(places.get(place) ?? []), mark])
  }
  return places
}

export function seriesOption(
  { points, lit, unfinished, marks, label, tip, names, number }: Drawing,
  colors: Colors,
): Option {
  const solid = points.map((point, place) =>
    unfinished !== null && unfinished <= place ? null : point.now,
  )
  const dashed = points.map((point, place) =>
    unfinished !== null && (place === unfinished || place === unfinished - 1) ? point.now : null,
  )
  const few = points.length < 40
  const line = (color: string, type: 'solid' | 'dashed' | 'dotted') => ({
    type: 'line',
    lineStyle: { color, type, width: type === 'dotted' ? 1.5 : 2 },
    itemStyle: { color },
    symbol: 'circle',
    symbolSize: 5,
    showSymbol: few && type !== 'dotted',
    emphasis: { disabled: true },
  })
  const named = (name: string, color: string) => ({
    show: true,
    formatter: name,
    color,
    fontSize: 12,
    distance: 6,
  })
  const [now = '', part = ''] = colors.series
  const before = colors.rest
  const compared = points.some(point => point.before !== null)
  return {
    grid: { left: 8, right: compared ? 64 : 24, top: 24, bottom: 4, containLabel: true },
    tooltip: {
      trigger: 'axis',
      axisPointer: { type: 'line', lineStyle: { color: colors.edge } },
      formatter: (shown: { dataIndex: number }[]) => tip(shown[0]?.dataIndex ?? 0),
    },
    xAxis: {
      type: 'category',
      boundaryGap: false,
      data: points.map(point => point.since),
      axisLine: { lineStyle: { color: colors.line } },
      axisTick: { show: false },
      axisLabel: { color: colors.text3, formatter: label, hideOverlap: true },
    },
    yAxis: {
      type: 'value',
      minInterval: 1,
      splitLine: { lineStyle: { color: colors.line } },
      axisLabel: { color: colors.text3, formatter: number },
    },
    series: [
      {
        ...line(now, 'solid'),
        name: names.now,
        data: solid,
        z: 3,
        areaStyle: { color: now, opacity: 0.08 },
        markLine: {
          symbol: 'none',
          silent: true,
          lineStyle: { color: colors.edge, type: 'solid', width: 1, opacity: 0.6 },
          label: { formatter: '◆', color: colors.text2, position: 'end', distance: 2 },
          data: [...placesOf(marks, points).keys()].map(xAxis => ({ xAxis })),
        },
        endLabel: unfinished === null && compared ? named(names.now, now) : { show: false },
      },
      {
        ...line(now, 'dashed'),
        name: names.now,
        data: dashed,
        z: 3,
        endLabel: unfinished !== null && compared ? named(names.now, now) : { show: false },
      },
      ...(compared
        ? [
            {
              ...line(before, 'dotted'),
              name: names.before,
              data: points.map(point => point.before),
              endLabel: named(names.before, colors.text3),
              labelLayout: { moveOverlap: 'shiftY' },
            },
          ]
        : []),
      ...(lit
        ? [
            {
              ...line(part, 'solid'),
              name: lit.name,
              data: lit.values,
              z: 4,
              areaStyle: { color: part, opacity: 0.35 },
              // Over the line: names are longer than the edge is wide, which is not to move.
              endLabel: {
                ...named(lit.name, colors.text),
                align: 'right',
                verticalAlign: 'bottom',
                offset: [-12, -8],
                width: 240,
                overflow: 'truncate',
                textBorderColor: colors.surface,
                textBorderWidth: 3,
              },
            },
          ]
        : []),
    ],
  }
}
