import { expect, test } from 'vitest'
import { type Condition, cureOf, decisive, markOf, passedOver, ruleMark } from './explained'

const told = (field: string, outcome: string, lookedAt = true): Condition => ({
  field,
  outcome,
  lookedAt,
  operator: 'equals',
})

test('what was not looked at is not tried, whatever it would be', () => {
  expect(markOf(told('os', 'true'))).toBe('true')
  expect(markOf(told('os', 'true', false))).toBe('untried')
  expect(markOf({ lookedAt: true, outcome: null })).toBe('untried')
})

test('a rule that is off or was not reached is not tried', () => {
  const rule = { id: 'rule_1', name: '', enabled: true, reached: true, when: told('os', 'unknown') }
  expect(ruleMark(rule as never)).toBe('unknown')
  expect(ruleMark({ ...rule, enabled: false } as never)).toBe('untried')
  expect(ruleMark({ ...rule, reached: false } as never)).toBe('untried')
})

test('of a group that is false, what is false decided', () => {
  const group: Condition = {
    outcome: 'false',
    lookedAt: true,
    all: [
      told('os', 'true'),
      { outcome: 'false', lookedAt: true, any: [told('country', 'false'), told('city', 'false')] },
      told('hour', 'true', false),
    ],
  }
  expect(decisive(group).map(({ field }) => field)).toEqual(['country', 'city'])
  const not: Condition = { outcome: 'false', lookedAt: true, not: told('os', 'true') }
  expect(decisive(not).map(({ field }) => field)).toEqual(['os'])
})

test('why something was passed over is read from the words of the server', () => {
  expect(passedOver('it is off')).toEqual({ because: 'off' })
  expect(passedOver('rule 3 "Mail" matched before')).toEqual({
    because: 'matched',
    rule: 3,
    name: 'Mail',
  })
  expect(passedOver('condition 1 of its group was true')).toEqual({
    because: 'settled',
    condition: 1,
    outcome: 'true',
  })
  expect(passedOver('the password was asked for first')).toMatchObject({ because: 'other' })
})

test('each unknown has its cure, and what is known needs none', () => {
  const unknown = (from: object, source = 'place') =>
    cureOf({ ...told('city', 'unknown'), saw: 'unknown', source, from: from as never })
  expect(unknown({ kind: 'nobody', text: 'no loaded source tells city' })).toBe('geo')
  expect(unknown({ kind: 'nobody', name: 'sec-gpc', text: 'not asked, since …' })).toBe('privacy')
  expect(unknown({ kind: 'nobody', text: 'no address was given' })).toBe('address')
  expect(unknown({ kind: 'notStated', text: 'not stated of this visitor' })).toBe('say')
  expect(unknown({ kind: 'stated', text: 'stated' })).toBe('notKept')
  expect(unknown({ kind: 'header', text: 'header user-agent' }, 'agent')).toBe('agent')
  expect(cureOf(told('city', 'false'))).toBeUndefined()
})
