import { describe, expect, test } from 'vitest'
import type { Colors } from '~/charts/colors'
import { placesOf, pointsOf, seriesOption, unfinishedOf } from './series'

const rows = ['2026-11-20', '2026-11-21', '2026-11-22', '2026-11-23'].map((day, place) => ({
  since: `${day}T00:00:00.000Z`,
  clicks: place,
  visitors: 0,
}))
const now = Date.parse('2026-11-22T12:00:00Z')

describe('a series', () => {
  const points = pointsOf(rows, rows.slice(0, 2), 'clicks', now)

  test('has nothing where nothing has begun', () => {
    expect(points.map(point => point.now)).toEqual([0, 1, 2, null])
  })

  test('has nothing before where nothing was asked', () => {
    expect(points.map(point => point.before)).toEqual([0, 1, null, null])
  })

  test('is not over where its last point goes on', () => {
    expect(unfinishedOf(points, 'day', now)).toBe(2)
    expect(unfinishedOf(points.slice(0, 2), 'day', now)).toBeNull()
    expect(unfinishedOf([], 'day', now)).toBeNull()
  })

  test('has a line of its own for what lights up', () => {
    const drawing = {
      points,
      unfinished: null,
      marks: [],
      label: String,
      tip: String,
      names: { now: 'now', before: 'before' },
      number: String,
    }
    const colors = { series: ['teal', 'tan'], rest: 'grey' } as Colors
    const names = (lit: { name: string; values: (number | null)[] } | null) =>
      (seriesOption({ ...drawing, lit }, colors).series as { name: string }[]).map(it => it.name)
    expect(names(null)).toEqual(['now', 'now', 'before'])
    expect(names({ name: 'Germany', values: [0, 1, 1, null] }).at(-1)).toBe('Germany')
  })

  test('marks what happened in the step that it happened in', () => {
    const marks = [
      { at: '2026-11-19T10:00:00Z', text: 'before all' },
      { at: '2026-11-21T10:00:00Z', text: 'r2' },
      { at: '2026-11-21T11:00:00Z', text: 'r3' },
    ]
    const places = placesOf(marks, points)
    expect([...places.keys()]).toEqual([1])
    expect(places.get(1)?.map(mark => mark.text)).toEqual(['r2', 'r3'])
  })
})
