/** Clicks by day as a line no larger than a word. */
import { memo } from 'react'
import { useTexts } from '~/texts/texts'
import { linksTexts } from './texts'

const WIDTH = 88
const HEIGHT = 24
const EDGE = 2

export const Spark = memo(function Spark({ days }: { days: readonly number[] }) {
  const t = useTexts(linksTexts)
  const points = pointsOf(days)
  const last = points.at(-1)
  if (!last) return null
  return (
    <svg
      width={WIDTH}
      height={HEIGHT}
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      role="img"
      aria-label={t.spark(
        days.length,
        days.reduce((sum, day) => sum + day, 0),
      )}
    >
      <polyline
        points={points.map(point => point.join()).join(' ')}
        fill="none"
        stroke="var(--series-1)"
        strokeWidth={1.5}
        strokeLinejoin="round"
      />
      <circle cx={last[0]} cy={last[1]} r={EDGE} fill="var(--series-1)" />
    </svg>
  )
})

/** From zero at the foot to the busiest day at the top. */
export function pointsOf(days: readonly number[]): [number, number][] {
  const most = Math.max(1, ...days)
  const step = (WIDTH - 2 * EDGE) / Math.max(1, days.length - 1)
  return days.map((day, index) => [
    round(EDGE + index * step),
    round(HEIGHT - EDGE - (day / most) * (HEIGHT - 2 * EDGE)),
  ])
}

const round = (n: number) => Math.round(n * 10) / 10
