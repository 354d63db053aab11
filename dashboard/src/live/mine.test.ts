import { expect, test } from 'vitest'
import type { Arrival } from './arrivals'
import { isMine } from './mine'

const AGENT = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36'
const opened = { link: 'lnk_a', at: Date.parse('2026-11-22T10:00:00Z') }
const click = (second: number, more: Partial<Arrival> = {}) =>
  ({
    link: 'lnk_a',
    at: new Date(opened.at + second * 1000).toISOString(),
    browser: 'Chrome',
    ...more,
  }) as Arrival

test('a click on what was opened a moment ago is mine', () => {
  expect(isMine(click(1), opened, AGENT)).toBe(true)
  expect(isMine(click(1, { browser: null }), opened, AGENT)).toBe(true)
})

test('another’s is not', () => {
  expect(isMine(click(1), null, AGENT)).toBe(false)
  expect(isMine(click(60), opened, AGENT)).toBe(false)
  expect(isMine(click(1, { link: 'lnk_b' }), opened, AGENT)).toBe(false)
  expect(isMine(click(1, { browser: 'Firefox' }), opened, AGENT)).toBe(false)
})
