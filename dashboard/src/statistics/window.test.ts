import { describe, expect, test } from 'vitest'
import { parse } from './question'
import { intervalOf, mayGoOn, shifted, windowOf } from './window'

// Sunday; in Berlin it is the 23rd already.
const now = new Date('2026-11-22T23:30:00Z')
const at = { now, zone: 'UTC', began: '2026-03-05' }

const window = (search: Record<string, string>) => windowOf(parse(search), at)

describe('a period ends today', () => {
  const times: [string, string, string][] = [
    ['today', '2026-11-22', '2026-11-23'],
    ['yesterday', '2026-11-21', '2026-11-22'],
    ['24h', '2026-11-22T00:00:00.000Z', '2026-11-23T00:00:00.000Z'],
    ['7d', '2026-11-16', '2026-11-23'],
    ['30d', '2026-10-24', '2026-11-23'],
    ['90d', '2026-08-25', '2026-11-23'],
    ['month', '2026-11-01', '2026-11-23'],
    ['year', '2026-01-01', '2026-11-23'],
    ['12m', '2025-12-01', '2026-11-23'],
    ['all', '2026-03-05', '2026-11-23'],
  ]
  for (const [period, from, to] of times) {
    test(period, () => expect(window({ period })).toMatchObject({ from, to }))
  }

  test('which is another day in another zone', () => {
    expect(window({ period: 'today', zone: 'Europe/Berlin' }).from).toBe('2026-11-23')
  })

  test('and goes on, unless it is over', () => {
    expect(window({ period: '7d' }).unfinished).toBe(true)
    expect(window({ period: 'yesterday' }).unfinished).toBe(false)
    expect(window({ from: '2026-11-01', to: '2026-11-02' }).unfinished).toBe(false)
  })
})

describe('the time before', () => {
  test('has the same weekdays', () => {
    expect(window({ period: '30d' }).before).toMatchObject({ from: '2026-09-19', days: 35 })
    expect(window({ period: 'today' }).before).toMatchObject({ from: '2026-11-15', days: 7 })
  })

  test('or lies right before', () => {
    const { before } = window({ period: '30d', compare: 'previous' })
    expect(before).toMatchObject({ from: '2026-09-24', to: '2026-10-24' })
  })

  test('or a year ago, on the same weekdays', () => {
    expect(window({ compare: 'year' }).before).toMatchObject({ from: '2025-11-17', days: 364 })
  })

  test('is counted as far as the one that goes on', () => {
    expect(window({ period: '7d' }).before?.until).toBe('2026-11-15T23:30:00.000Z')
    expect(window({ period: 'yesterday' }).before?.until).toBe('2026-11-15')
  })

  test('is not there where nobody asks, and not before all', () => {
    expect(window({ compare: 'none' }).before).toBeNull()
    expect(window({ period: 'all' }).before).toBeNull()
  })
})

describe('going back and forth', () => {
  const back = (search: Record<string, string>) => shifted(parse(search), -1, at)

  test('goes by the length', () => {
    expect(back({ period: '7d' })).toEqual({ from: '2026-11-09', to: '2026-11-16' })
    expect(back({ period: 'today' })).toEqual({ from: '2026-11-21', to: '2026-11-22' })
  })

  test('goes by whole months and years', () => {
    expect(back({ period: 'month' })).toEqual({ from: '2026-10-01', to: '2026-11-01' })
    expect(back({ from: '2026-03-01', to: '2026-04-01' })).toEqual({
      from: '2026-02-01',
      to: '2026-03-01',
    })
    expect(back({ period: 'year' })).toEqual({ from: '2025-01-01', to: '2026-01-01' })
  })

  test('comes back to the period', () => {
    const week = { from: '2026-11-09', to: '2026-11-16' }
    expect(shifted(parse(week), 1, at)).toEqual({ period: '7d' })
  })

  test('goes by hours too, and not into what has not begun', () => {
    expect(back({ period: '24h' })).toMatchObject({ to: '2026-11-22T00:00:00.000Z' })
    expect(mayGoOn(parse({ period: '7d' }), at)).toBe(false)
    expect(mayGoOn(parse({ from: '2026-11-09', to: '2026-11-16' }), at)).toBe(true)
  })
})

test('the longer the time, the longer its steps', () => {
  expect([1, 2, 3, 92, 93, 400, 401].map(intervalOf)).toEqual([
    'hour',
    'hour',
    'day',
    'day',
    'week',
    'week',
    'month',
  ])
})
