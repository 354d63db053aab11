import { expect, test } from 'vitest'
import { fromField, inWords, toField } from './moment'

const now = Date.parse('2026-11-22T12:00:00Z')

test.each([
  ['2026-11-22T12:30:00Z', 'in 30 minutes, Sunday 12:30'],
  ['2026-11-22T18:00:00Z', 'in 6 hours, Sunday 18:00'],
  ['2026-11-23T00:10:00Z', 'tomorrow, Monday 00:10'],
  ['2026-11-25T23:59:00Z', 'in 3 days, Wednesday 23:59'],
  ['2026-12-31T23:59:00Z', 'in 6 weeks, 31 Dec 2026 23:59'],
  ['2026-11-20T08:00:00Z', '2 days ago, Friday 08:00'],
])('%s is %s', (iso, words) => {
  expect(inWords(iso, 'en', now, 'UTC')).toBe(words)
})

test('the day is the one of the zone', () => {
  expect(inWords('2026-11-22T23:30:00Z', 'en', now, 'Europe/Berlin')).toMatch(/^tomorrow, Monday/)
})

test('a moment survives its field', () => {
  expect(fromField(toField('2026-11-25T23:59:00.000Z'))).toBe('2026-11-25T23:59:00.000Z')
  expect(fromField('')).toBe('')
})
