/** When clicks began, for `all`, and when the last one came, for a time without any. */
import { queryOptions } from '@tanstack/react-query'
import { type Ask, answerQuery } from '~/api/statistics'
import { type Day, dayIn, plus } from './days'

/** No link is older than the first of all link shorteners. */
const FIRST: Day = '2010-01-01'

/** The month in which the first click came, as its first day. */
export const beganQuery = (scope: Ask, zone: string, today: Day) => {
  const ask = { ...scope, timezone: zone, from: FIRST, to: plus(today, 1), interval: 'month' }
  const months = answerQuery('series', 'began', ask)
  return queryOptions({
    ...months,
    staleTime: 3_600_000,
    select: answer => {
      const first = answer.rows.find(row => 0 < row.clicks)?.since
      return first ? dayIn(zone, new Date(first)) : null
    },
  })
}

/** The day of the last click of the last year. */
export const lastQuery = (scope: Ask, zone: string, today: Day) => {
  const ask = { ...scope, timezone: zone, from: plus(today, -365), to: plus(today, 1) }
  return queryOptions({
    ...answerQuery('series', 'last', { ...ask, interval: 'day' }),
    select: answer => answer.rows.findLast(row => 0 < row.clicks)?.since ?? null,
  })
}
