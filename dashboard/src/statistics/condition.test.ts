import { expect, test } from 'vitest'
import { conditionOf } from './condition'

const filter = (by: string, values: string[], not = false) => ({ by, values, not })

test('filters that all hold are a group that all hold', () => {
  const { when } = conditionOf([
    filter('country', ['DE', 'AT']),
    filter('device', ['desktop'], true),
    filter('returning', ['true']),
  ])
  expect(when).toEqual({
    all: [
      { field: 'country', operator: 'in', value: ['DE', 'AT'] },
      { not: { field: 'deviceType', operator: 'equals', value: 'desktop' } },
      { field: 'isReturning', operator: 'is_true' },
    ],
  })
})

test('unknown is a value of its own', () => {
  expect(conditionOf([filter('city', ['unknown', 'Vienna'])]).when).toEqual({
    all: [
      {
        any: [
          { field: 'city', operator: 'equals', value: 'Vienna' },
          { not: { field: 'city', operator: 'exists' } },
        ],
      },
    ],
  })
  expect(conditionOf([filter('referrerDomain', ['unknown'])]).when).toEqual({
    all: [{ field: 'referrerDomain', operator: 'equals', value: '' }],
  })
})

test('what no rule can ask is left', () => {
  const rule = filter('rule', ['rule_1'])
  expect(conditionOf([rule])).toEqual({ when: undefined, left: [rule] })
  expect(conditionOf([rule, filter('asn', ['3320'])])).toEqual({
    when: { all: [{ field: 'asn', operator: 'equals', value: 3320 }] },
    left: [rule],
  })
})
