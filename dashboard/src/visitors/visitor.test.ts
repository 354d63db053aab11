import { expect, test } from 'vitest'
import { stated, summary, visitorOf, wireOf } from './visitor'

const sent = (field: string) => field === 'utmSource' || field.startsWith('header.')

test('what a request would send is empty where nothing is said of it, and other facts are unknown', () => {
  expect(wireOf({ facts: { country: 'US' } }, ['country', 'city', 'utmSource'], sent)).toEqual({
    visitor: { country: 'US', utmSource: '' },
  })
})

test('what is said goes before what is not', () => {
  const visitor = { facts: { utmSource: 'mail', 'header.x-a': null }, at: '2026-11-21T10:00:00Z' }
  expect(wireOf(visitor, ['utmSource', 'header.x-a'], sent)).toEqual({
    at: '2026-11-21T10:00:00Z',
    visitor: { utmSource: 'mail', 'header.x-a': null },
  })
})

test('a request is one even where it is bare', () => {
  expect(wireOf({ ip: ' ', headers: [], url: '' }, [], sent)).toEqual({ headers: {} })
  expect(wireOf({ ip: '::1', headers: [['dnt', '1']], url: '?a=b' }, [], sent)).toEqual({
    ip: '::1',
    headers: { dnt: '1' },
    url: '?a=b',
  })
})

test('a visitor is read from what the API writes', () => {
  expect(visitorOf({ visitor: { bot: true, asn: 1, language: ['de', 'en'], city: null } })).toEqual(
    {
      facts: { bot: 'true', asn: '1', language: 'de,en', city: null },
    },
  )
  expect(visitorOf({ userAgent: 'curl/8', at: '2026-11-21T10:00:00Z' })).toEqual({
    ip: '',
    headers: [['user-agent', 'curl/8']],
    url: '',
    at: '2026-11-21T10:00:00Z',
  })
})

test('who is not new is back: two names of one fact', () => {
  expect(visitorOf({ visitor: { isReturning: true } })).toEqual({
    facts: { isNewVisitor: 'false' },
  })
  expect(visitorOf({ visitor: { isReturning: null } })).toEqual({ facts: { isNewVisitor: null } })
})

test('a fact is said, said to be unknown, and taken back', () => {
  const visitor = stated({ facts: {} }, 'country', 'US')
  expect(visitor.facts).toEqual({ country: 'US' })
  expect(stated(visitor, 'country', null).facts).toEqual({ country: null })
  expect(stated(visitor, 'country', undefined).facts).toEqual({})
})

test('a summary names what tells most', () => {
  const facts = { os: 'iOS', osVersion: '17.4', country: 'US', 'header.x': 'y', vpn: null }
  expect(summary({ facts })).toBe('US · iOS 17.4 · header.x y')
  expect(summary({ ip: '1.2.3.4', headers: [['User-Agent', 'curl']], url: '' })).toBe(
    '1.2.3.4 · curl',
  )
})
