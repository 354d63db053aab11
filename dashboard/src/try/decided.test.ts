import { expect, test } from 'vitest'
import { decidedIn } from './decided'
import type { Explained } from './explained'

const ways = [
  { weight: 60, redirect: 'https://a' },
  { weight: 40, redirect: 'https://b' },
]
const plan = {
  destination: 'https://else/{city}',
  rules: [
    { id: 'r1', action: { redirect: 'https://x/{country}' } },
    { id: 'r2', action: { split: ways } },
    { id: 'r3', action: { block: 451 } },
  ],
}
const check = (explained: object) =>
  decidedIn(plan, { goesTo: 'https://y', ...explained } as Explained)

test('the destination is that of the rule, as it was written', () => {
  expect(check({ rule: 'r1' })).toEqual({ destination: 'https://x/{country}' })
  expect(check({ rule: 'r2', variant: 1 })).toEqual({ destination: 'https://b', weights: [60, 40] })
  expect(check({ rule: 'r3', goesTo: null })).toEqual({ destination: undefined })
  expect(check({ rule: null })).toEqual({ destination: 'https://else/{city}' })
  expect(check({ rule: null, goesTo: null })).toEqual({})
})

test('everyone else may be split too', () => {
  const split = { ...plan, defaultSplit: ways }
  expect(decidedIn(split, { rule: null, variant: 0, goesTo: 'https://a' } as Explained)).toEqual({
    destination: 'https://a',
    weights: [60, 40],
  })
})
