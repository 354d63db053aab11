import { expect, test } from 'vitest'
import { searchOf, visitorIn } from './address'
import type { Visitor } from './visitor'

const check = (visitor: Visitor) => expect(visitorIn(searchOf(visitor))).toEqual(visitor)

test('every visitor comes back out of an address', () => {
  check({ facts: { country: 'US', 'header.x-app': '', city: null, time: '09:30' } })
  check({ facts: { os: 'iOS' }, at: '2026-11-21T10:00:00Z' })
  check({ ip: '', headers: [], url: '' })
  check({
    ip: '::1',
    headers: [
      ['user-agent', 'a b'],
      ['x', ''],
    ],
    url: '?utm_source=mail&a=b',
  })
})

test('the page’s own parameters are no facts', () => {
  expect(visitorIn({ click: 'clk_1', against: 'draft', show: 'all' })).toBeUndefined()
  expect(visitorIn({ show: 'all', country: 'DE' })).toEqual({ facts: { country: 'DE' } })
})
