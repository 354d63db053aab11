/** Rows of a breakdown, each with what it was before. */
import type { Row } from '~/api/statistics'
import { written } from './names'

export interface Entry {
  value: string
  clicks: number
  visitors: number
  /** Of all clicks of the answer. */
  share: number
  /** Of the longest row. */
  part: number
  /** How much more than before, 0.1 for a tenth; null where nobody can say. */
  change: number | null
}

export function entriesOf(
  rows: readonly Row[],
  clicks: number,
  before: readonly Row[] | undefined,
): Entry[] {
  const earlier = new Map(before?.map(row => [written(row.value), row.clicks]))
  const longest = Math.max(1, ...rows.map(row => row.clicks))
  return rows.map(row => {
    const value = written(row.value)
    const was = earlier.get(value)
    return {
      value,
      clicks: row.clicks,
      visitors: row.visitors,
      share: clicks ? row.clicks / clicks : 0,
      part: row.clicks / longest,
      change: was ? row.clicks / was - 1 : null,
    }
  })
}
