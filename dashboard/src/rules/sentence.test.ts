import { expect, test } from 'vitest'
import { short } from './addresses'
import { GROUPS } from './countries'
import fixture from './fields.fixture.json'
import de from './grammar.de'
import en from './grammar.en'
import { type Action, Speaker } from './sentence'
import type { Test, When } from './tree'

const english = new Speaker(en, fixture)
const german = new Speaker(de, fixture)

const is = (field: string, operator: string, value?: unknown, timezone?: string): Test => ({
  field,
  operator,
  ...(value === undefined ? {} : { value }),
  ...(timezone ? { timezone } : {}),
})
const to: Action = { redirect: 'https://www.example.com/x/' }

const who = (when: When, expected: string, speaker = english) =>
  expect(speaker.who(when)).toBe(expected)
const auf = (when: When, expected: string) => who(when, expected, german)

test('the sentence of the design brief', () => {
  const when: When = {
    all: [
      is('os', 'in', ['iOS', 'iPadOS']),
      is('isNewVisitor', 'is_true'),
      is('country', 'in', ['US', 'CA']),
      is('dayOfWeek', 'in', [1, 2, 3, 4, 5]),
      is('hour', 'between', [17, 23]),
    ],
  }
  expect(english.rule({ when, action: to })).toBe(
    'New visitors on iPhone or iPad in the US or Canada, on weekdays after 17:00, go to example.com/x',
  )
  expect(german.rule({ when, action: to })).toBe(
    'Neue Besucher mit iPhone oder iPad in den USA oder Kanada, werktags nach 17 Uhr, gehen zu example.com/x',
  )
})

test('a split says shares, and paths where the host is the same', () => {
  const when = is('country', 'equals', 'DE')
  const split = (...weights: number[]): Action => ({
    split: weights.map((weight, i) => ({ weight, redirect: `https://example.com/${'abc'[i]}` })),
  })
  const say = (action: Action) => english.rule({ when, action })
  expect(say(split(60, 40))).toBe('Everyone in Germany: 60 % to /a, 40 % to /b')
  expect(say(split(2, 1))).toBe('Everyone in Germany: 67 % to /a, 33 % to /b')
  expect(
    say({
      split: [
        { weight: 1, redirect: 'https://a.example/' },
        { weight: 1, redirect: 'https://b.example/' },
      ],
    }),
  ).toBe('Everyone in Germany: 50 % to a.example, 50 % to b.example')
  expect(german.rule({ when, action: split(60, 40) })).toBe(
    'Alle in Deutschland: 60 % zu /a, 40 % zu /b',
  )
})

test('a block says its status', () => {
  const rule = { when: is('country', 'in', ['RU', 'BY']), action: { block: 451 } }
  expect(english.rule(rule)).toBe('Everyone in Russia or Belarus is turned away (451)')
  expect(german.rule(rule)).toBe('Alle in Russland oder Belarus werden abgewiesen (451)')
})

test('a German clause stands between commas', () => {
  const rule = { when: is('isp', 'contains', 'Hosting'), action: { block: 451 } }
  expect(german.rule(rule)).toBe(
    'Alle, bei denen Provider „Hosting“ enthält, werden abgewiesen (451)',
  )
})

test('regions are called by name where it is known', () => {
  const bavaria = is('region', 'equals', 'de-by')
  who(bavaria, 'Everyone in the region de-by')
  const names = new Map([['DE-BY', 'Bavaria']])
  who(bavaria, 'Everyone in the region Bavaria', new Speaker(en, fixture, it => names.get(it)))
})

test('places', () => {
  who(is('country', 'not_in', ['US']), 'Everyone not in the US')
  who({ not: is('country', 'in', ['US', 'CH']) }, 'Everyone not in the US or Switzerland')
  who(is('country', 'in', [...GROUPS.EU!, 'CH']), 'Everyone in the EU or Switzerland')
  who(is('country', 'equals', 'EU'), 'Everyone in the EU')
  who(
    is('country', 'in', ['DE', 'AT', 'CH', 'FR', 'IT', 'ES', 'PT']),
    'Everyone in Germany, Austria, Switzerland, France, Italy or 2 more',
  )
  who(is('country', 'in', []), 'Everyone in …')
  who(is('city', 'starts_with', 'San'), 'Everyone whose City starts with “San”')
  who(is('continent', 'equals', 'EU'), 'Everyone in Europe')
  auf(is('country', 'in', ['CH', 'TR']), 'Alle in der Schweiz oder der Türkei')
  auf(is('continent', 'not_equals', 'AS'), 'Alle nicht in Asien')
})

test('devices', () => {
  who(is('deviceType', 'equals', 'mobile'), 'Everyone on phones')
  who(
    {
      all: [
        is('deviceType', 'equals', 'mobile'),
        is('os', 'equals', 'iOS'),
        is('country', 'in', ['US']),
      ],
    },
    'Everyone on phones on iOS in the US',
  )
  who(is('osVersion', 'greater_than', '17.4'), 'Everyone with a system newer than 17.4')
  who(is('browserVersion', 'between', [120, 126]), 'Everyone with browser version 120 to 126')
  who(is('language', 'in', ['de', 'en-US']), 'Everyone reading German or American English')
  auf(is('deviceType', 'in', ['mobile', 'tablet']), 'Alle mit Telefon oder Tablet')
})

test('where people come from', () => {
  who(is('referrerDomain', 'equals', 't.co'), 'Everyone coming from t.co')
  who(is('query.ref', 'equals', 'partner'), 'Everyone with ?ref=partner')
  who(is('query.ref', 'exists'), 'Everyone with ?ref')
  who({ not: is('cookie.plan', 'exists') }, 'Everyone without the cookie plan')
  who(is('referrer', 'equals', ''), 'Everyone without a referrer')
  who(is('header.x-app', 'matches', '^v[0-9]'), 'Everyone whose Header x-app matches “^v[0-9]”')
  who(is('utmSource', 'not_contains', 'mail'), 'Everyone not whose UTM source contains “mail”')
})

test('times are said as the spans that they are', () => {
  who(is('hour', 'between', [9, 16]), 'Everyone from 9:00 to 17:00')
  who(is('hour', 'less_than', 9), 'Everyone before 9:00')
  who(is('hour', 'greater_than', 17), 'Everyone after 18:00')
  who(is('hour', 'in', [22, 23, 0, 1]), 'Everyone from 22:00 to 2:00')
  who(is('hour', 'in', [9, 12, 13]), 'Everyone from 9:00 to 10:00 and 12:00 to 14:00')
  who(is('time', 'between', ['09:30', '18:30']), 'Everyone from 9:30 to 18:30')
  who(is('time', 'greater_than', '17:00'), 'Everyone after 17:00')
  who(is('dayOfWeek', 'in', ['Saturday', 0]), 'Everyone at weekends')
  who(is('dayOfWeek', 'not_in', [0, 6]), 'Everyone on weekdays')
  who({ not: is('dayOfWeek', 'in', [0, 6]) }, 'Everyone on weekdays')
  who(is('dayOfWeek', 'between', [1, 4]), 'Everyone from Monday to Thursday')
  who(is('dayOfWeek', 'in', [1, 5]), 'Everyone on Mondays and Fridays')
  who(
    is('date', 'between', ['2026-12-01', '2026-12-24']),
    'Everyone from Dec 1, 2026 to Dec 24, 2026',
  )
  who(is('hour', 'less_than', 9, 'Europe/Berlin'), 'Everyone before 9:00 (Europe/Berlin time)')
  auf(is('dayOfWeek', 'in', [1, 5]), 'Alle montags und freitags')
  auf(is('hour', 'between', [9, 16]), 'Alle von 9 bis 17 Uhr')
  expect(english.who(is('hour', 'less_than', 9), 'Asia/Tokyo')).toBe(
    'Everyone before 9:00 (Asia/Tokyo time)',
  )
})

test('visitors', () => {
  who(is('isReturning', 'is_true'), 'Returning visitors')
  who(is('bot', 'is_false'), 'People')
  who(is('bot', 'equals', 'true'), 'Bots')
  who(is('vpn', 'is_true'), 'Everyone through a VPN')
  who({ not: is('vpn', 'is_true') }, 'Everyone not through a VPN')
  who({ all: [is('bot', 'is_false'), is('isNewVisitor', 'is_true')] }, 'People who are new')
  who(is('percentile', 'less_than', 50), 'Everyone, for 50 % of them')
  who({ not: is('isNewVisitor', 'is_true') }, 'Returning visitors')
})

test('groups', () => {
  const us = is('country', 'in', ['US', 'CA'])
  const tco = is('referrerDomain', 'equals', 't.co')
  const de = is('country', 'equals', 'DE')
  who({ any: [de, is('country', 'equals', 'AT')] }, 'Everyone in Germany or in Austria')
  who(
    { all: [is('os', 'equals', 'iOS'), { any: [us, tco] }] },
    'Everyone on iOS, either in the US or Canada, or coming from t.co',
  )
  who({ not: { any: [de, tco] } }, 'Everyone, neither in Germany nor coming from t.co')
  who({ not: { all: [de, tco] } }, 'Everyone, not (in Germany and coming from t.co)')
  who(
    { any: [{ all: [de, tco] }, is('isNewVisitor', 'is_true')] },
    'Everyone, either (in Germany and coming from t.co), or who are new',
  )
  who({ any: [{ all: [is('vpn', 'is_false')] }] }, 'Everyone not through a VPN')
  auf({ not: { any: [de, tco] } }, 'Alle, weder in Deutschland noch von t.co kommend')
})

test('whatever stands in a rule, a sentence comes of it', () => {
  const values = [undefined, '', 'x', 7, [], ['a', 'b'], [null], { deep: true }]
  const fields = [...fixture.fields.map(field => field.name.replace('*', 'name')), 'mood']
  for (const field of fields) {
    for (const { name: operator } of [...fixture.operators, { name: 'like' }]) {
      for (const value of values) {
        for (const speaker of [english, german]) {
          const said = speaker.who({ not: { field, operator, value } })
          if (/undefined|null|NaN|\[object/.test(said)) expect.fail(said)
        }
      }
    }
  }
})

test('an address is shortened in its middle', () => {
  expect(short('https://www.example.com/')).toBe('example.com')
  expect(short('https://apps.example.com/a/very/long/path/that/goes/on?from={country}', 30)).toBe(
    'apps.example.com/a…m={country}',
  )
})
