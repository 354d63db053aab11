import { expect, test } from 'vitest'
import { moved, type Plan, planOf, type Rule, wired, withNew, without, withRule } from './plan'

const when = { field: 'country', operator: 'equals', value: 'DE' }
const action = { redirect: 'https://example.com/' }
const rule = (key: string, tier = 0): Rule => ({
  key,
  name: key,
  enabled: true,
  when,
  action,
  ...(tier ? { tier } : {}),
})
const plan = (...rules: Rule[]): Plan => ({
  destination: 'https://example.com/',
  defaultSplit: null,
  rules,
})
const keys = (plan: Plan) => plan.rules.map(({ key }) => key).join('')

test('rules move as a list does', () => {
  const abc = plan(rule('a'), rule('b'), rule('c'))
  expect(keys(moved(abc, 'a', 2))).toBe('bca')
  expect(keys(moved(abc, 'c', 0))).toBe('cab')
  expect(keys(moved(abc, 'b', 1))).toBe('abc')
  expect(keys(moved(abc, 'b', 99))).toBe('acb')
  expect(keys(moved(abc, 'b', -5))).toBe('bac')
  expect(moved(abc, 'x', 0)).toBe(abc)
})

test('a tier is never left', () => {
  const tiers = plan(rule('a'), rule('b'), rule('c', 2), rule('d', 2))
  expect(keys(moved(tiers, 'a', 3))).toBe('bacd')
  expect(keys(moved(tiers, 'd', 0))).toBe('abdc')
  expect(keys(withNew(tiers, rule('x')))).toBe('abxcd')
  expect(keys(withNew(tiers, rule('x'), 0))).toBe('xabcd')
})

test('what was read is sent back as it was', () => {
  const stored = {
    destination: 'https://example.com/',
    defaultSplit: null,
    rules: [
      { id: 'rule_1', name: 'x', enabled: false, priority: 7, when, action, timezone: 'UTC' },
      { id: 'rule_2', name: '', enabled: true, priority: 8, when, action, tier: 1 },
    ],
  }
  const known = (key: string) => (key === 'rule_1' ? key : undefined)
  expect(wired(planOf(stored), known).rules).toEqual([
    { id: 'rule_1', name: 'x', enabled: false, when, action, timezone: 'UTC' },
    { name: '', enabled: true, when, action, tier: 1 },
  ])
})

test('what is unset is not there', () => {
  const changed = withRule(plan(rule('a')), 'a', { timezone: 'UTC' })
  expect(withRule(changed, 'a', { timezone: null })).toEqual(plan(rule('a')))
  expect(keys(without(changed, 'a'))).toBe('')
})
