import { describe, expect, test } from 'vitest'
import {
  fileParts,
  has,
  parse,
  print,
  type Question,
  replace,
  split,
  toggle,
  USUAL,
} from './question'

const asked = (search: Record<string, string>): Question => parse(search)

describe('the address is the question', () => {
  const addresses: Record<string, string>[] = [
    {},
    { period: '30d' },
    { from: '2026-11-01', to: '2026-12-01' },
    { from: '2026-11-01T10:00:00.000Z', to: '2026-11-01T12:00:00.000Z' },
    { compare: 'none', bots: 'include' },
    { compare: 'year', interval: 'week' },
    { country: 'DE,AT', 'device!': 'desktop' },
    { by: 'tag:spring sale', zone: 'Asia/Kathmandu' },
    { city: 'Washington\\, D.C.,unknown' },
  ]
  for (const address of addresses) {
    test(`${new URLSearchParams(address)} comes back`, () => {
      expect(print(asked(address))).toEqual(address)
    })
  }

  test('without anything it is the usual one', () => {
    expect(asked({})).toEqual(USUAL)
  })

  test('what nobody knows does no harm', () => {
    const strange = {
      period: 'fortnight',
      compare: 'x',
      zone: 'Mars/Base',
      mood: 'good',
      by: 'x:y',
    }
    expect(asked(strange)).toEqual(USUAL)
    expect(asked({ from: '2026-12-01', to: '2026-11-01' })).toEqual(USUAL)
    expect(asked({ country: '' })).toEqual(USUAL)
  })
})

describe('a click on a row', () => {
  const germany = asked({ country: 'DE' })

  test('asks for it alone, and again no longer', () => {
    const once = toggle(USUAL, 'country', 'DE', false)
    expect(print(once)).toEqual({ country: 'DE' })
    expect(toggle(once, 'country', 'DE', false)).toEqual(USUAL)
  })

  test('adds to what is asked for', () => {
    expect(print(toggle(germany, 'country', 'AT', false))).toEqual({ country: 'DE,AT' })
    expect(print(toggle(germany, 'os', 'iOS', false))).toEqual({ country: 'DE', os: 'iOS' })
  })

  test('with Alt leaves it out, and it is never both', () => {
    expect(print(toggle(USUAL, 'country', 'DE', true))).toEqual({ 'country!': 'DE' })
    expect(print(toggle(germany, 'country', 'DE', true))).toEqual({ 'country!': 'DE' })
    const not = asked({ 'country!': 'DE,FR' })
    expect(print(toggle(not, 'country', 'DE', false))).toEqual({ country: 'DE' })
    expect(has(not, 'country', 'FR', true)).toBe(true)
  })
})

describe('a chip', () => {
  const question = asked({ country: 'DE', 'device!': 'desktop', os: 'iOS' })
  const device = question.filters[1] ?? null

  test('is edited in its place', () => {
    const next = replace(question, device, { by: 'device', values: ['mobile'], not: false })
    expect(Object.keys(print(next))).toEqual(['country', 'device', 'os'])
  })

  test('without values goes away', () => {
    const next = replace(question, device, { by: 'device', values: [], not: true })
    expect(Object.keys(print(next))).toEqual(['country', 'os'])
  })
})

test('a comma that belongs to a value is kept', () => {
  expect(split('a\\,b,c\\\\')).toEqual(['a,b', 'c\\'])
})

test('a file is named by its filters', () => {
  expect(fileParts(asked({ country: 'DE,AT', 'device!': 'desktop', bots: 'include' }))).toEqual([
    '7d',
    'country-DE-AT',
    'not-device-desktop',
    'with-bots',
  ])
})
