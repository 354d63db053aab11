import { expect, test } from 'vitest'
import { COUNTRIES, GROUPS, grouped, readCountries } from './countries'

test('a pasted list is read, whatever separates it and however it is spelled', () => {
  const check = (text: string, codes: string[], unknown: string[] = []) =>
    expect(readCountries(text), text).toEqual({ codes, unknown })
  check('DE, at; Schweiz', ['DE', 'AT', 'CH'])
  check('US\nca\tuk', ['US', 'CA', 'GB'])
  check('de at ch', ['DE', 'AT', 'CH'])
  check('United States, Isle of Man', ['US', 'IM'])
  check('Österreich, Osterreich', ['AT'])
  check('Elfenbeinküste', [], ['Elfenbeinküste'])
  check('DACH, FR', ['DE', 'AT', 'CH', 'FR'])
  check('Narnia, DE', ['DE'], ['Narnia'])
  check('', [])
  expect(readCountries('eu').codes).toHaveLength(27)
})

test('whole groups are found again', () => {
  expect(grouped([...GROUPS.EU!, 'US'])).toEqual({ groups: ['EU'], codes: ['US'] })
  expect(grouped(['DE', 'AT'])).toEqual({ groups: [], codes: ['DE', 'AT'] })
})

test('groups hold countries', () => {
  for (const members of Object.values(GROUPS)) {
    for (const code of members) expect(COUNTRIES).toContain(code)
  }
  expect(new Set(COUNTRIES).size).toBe(250)
})
