import { expect, test } from 'vitest'
import { differenceOf, merged, sizeOf, wordsBetween } from './difference'
import { moved, type Plan, type Rule, withNew, without, withRule } from './plan'

const rule = (key: string, value = key): Rule => ({
  key,
  name: key,
  enabled: true,
  when: { field: 'country', operator: 'equals', value },
  action: { redirect: 'https://example.com/' },
})
const plan = (...keys: string[]): Plan => ({
  destination: 'https://example.com/',
  defaultSplit: null,
  rules: keys.map(key => rule(key)),
})
const abcd = plan('a', 'b', 'c', 'd')
const said = (from: Plan, to: Plan) =>
  differenceOf(from, to).rules.map(({ kind, rule, position }) => `${kind} ${rule.key} ${position}`)

test('what came, went, changed and moved', () => {
  expect(said(abcd, abcd)).toEqual([])
  expect(said(abcd, moved(abcd, 'd', 0))).toEqual(['moved d 1'])
  expect(said(abcd, without(abcd, 'b'))).toEqual(['removed b 2'])
  expect(said(abcd, withNew(abcd, rule('x'), 1))).toEqual(['added x 2'])
  expect(said(abcd, withRule(abcd, 'c', { enabled: false }))).toEqual(['changed c 3'])
  expect(differenceOf(abcd, withRule(abcd, 'c', { timezone: null })).rules).toEqual([])
  expect(sizeOf(differenceOf(abcd, { ...without(abcd, 'b'), destination: 'x' }))).toBe(2)
})

test('words that came and went', () => {
  expect(wordsBetween('Everyone in Germany go', 'Everyone in Austria go')).toEqual([
    { text: 'Everyone in', in: 'both' },
    { text: ' Germany', in: 'before' },
    { text: ' Austria', in: 'after' },
    { text: ' go', in: 'both' },
  ])
  expect(wordsBetween('', 'a b')).toEqual([{ text: 'a b', in: 'after' }])
  expect(wordsBetween('a b', 'a b')).toEqual([{ text: 'a b', in: 'both' }])
})

test('changes of different rules are had both', () => {
  const mine = withRule(abcd, 'a', { enabled: false })
  const theirs = withNew(withRule(abcd, 'b', { enabled: false }), rule('x'), 1)
  const both = merged(abcd, mine, theirs)!
  expect(both.rules.map(({ key }) => key).join('')).toBe('axbcd')
  expect(both.rules.map(({ enabled }) => enabled)).toEqual([false, true, false, true, true])
})

test('the order of whoever moved something is kept', () => {
  const mine = withNew(abcd, rule('x'), 4)
  const theirs = moved(abcd, 'd', 0)
  expect(
    merged(abcd, mine, theirs)
      ?.rules.map(({ key }) => key)
      .join(''),
  ).toBe('dxabc')
})

test('changes of the same thing are for a person to decide', () => {
  const mine = withRule(abcd, 'a', { enabled: false })
  expect(merged(abcd, mine, withRule(abcd, 'a', { name: 'y' }))).toBeUndefined()
  expect(merged(abcd, moved(abcd, 'a', 3), moved(abcd, 'd', 0))).toBeUndefined()
  expect(merged(abcd, { ...abcd, destination: 'x' }, { ...abcd, destination: 'y' })).toBeUndefined()
})
