import { expect, test } from 'vitest'
import { askedBy, toAsk } from './asked'

const is = (field: string) => ({ field, operator: 'equals', value: 'x' })
const to = (redirect: string) => ({ redirect })

test('conditions and the slots of destinations are read, and rules that are off are not', () => {
  const plan = {
    destination: 'https://example.com/{city}',
    rules: [
      {
        when: { all: [is('os'), { not: { any: [is('country'), is('os')] } }] },
        action: to('https://a/{query.ref}'),
      },
      { enabled: false, when: is('asn'), action: to('https://b/{isp}') },
      { when: is('bot'), action: { split: [{ weight: 1, redirect: 'https://c/{language}' }] } },
      { when: is('vpn'), action: { block: 404 } },
    ],
  }
  expect(askedBy(plan)).toEqual(['os', 'country', 'query.ref', 'bot', 'language', 'vpn', 'city'])
})

test('a clock is not asked for, but the zone that it is read in', () => {
  const rule = { when: is('hour'), action: to('https://a') }
  expect(toAsk([{ destination: '', rules: [rule] }])).toEqual(['timezone'])
  expect(toAsk([{ destination: '', rules: [{ ...rule, timezone: 'Europe/Berlin' }] }])).toEqual([])
})

test('the facts of draft and link are asked for once', () => {
  const plan = { destination: '', rules: [{ when: is('os'), action: to('') }] }
  const draft = {
    destination: '',
    rules: [{ when: { any: [is('os'), is('city')] }, action: to('') }],
  }
  expect(toAsk([plan, draft])).toEqual(['os', 'city'])
})
