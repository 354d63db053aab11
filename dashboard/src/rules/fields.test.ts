import { expect, test } from 'vitest'
import { blank, fieldOf, isComplete, withField, withOperator } from './fields'
import vocabulary from './fields.fixture.json'
import type { Test } from './tree'

test('a named parameter is a field of its own', () => {
  expect(fieldOf(vocabulary, 'query.ref')).toMatchObject({ name: 'query.*', parameter: 'ref' })
  expect(fieldOf(vocabulary, 'query.*')).toMatchObject({ parameter: '' })
  expect(fieldOf(vocabulary, 'country')?.parameter).toBeUndefined()
  expect(fieldOf(vocabulary, 'mood')).toBeUndefined()
})

test('a new test asks what is asked most', () => {
  const check = (field: string, operator: string, value?: unknown) =>
    expect(blank(vocabulary, field)).toEqual(
      value === undefined ? { field, operator } : { field, operator, value },
    )
  check('country', 'in', [])
  check('deviceType', 'in', [])
  check('isNewVisitor', 'is_true')
  check('hour', 'between', ['', ''])
  check('referrer', 'equals', '')
  check('percentile', 'less_than', '')
})

test('another operator keeps the value where it fits', () => {
  const check = (test: Test, operator: string, value: unknown) =>
    expect(withOperator(vocabulary, test, operator).value).toEqual(value)
  const us = { field: 'country', operator: 'equals', value: 'US' }
  check(us, 'in', ['US'])
  check({ ...us, operator: 'in', value: ['US', 'CA'] }, 'equals', 'US')
  check(us, 'not_equals', 'US')
  check(us, 'exists', undefined)
  const hour = { field: 'hour', operator: 'in', value: [9, 10, 17] }
  check(hour, 'between', [9, 17])
  check(hour, 'less_than', 9)
  check({ field: 'hour', operator: 'less_than', value: 9 }, 'between', [9, 9])
})

test('another field keeps operator and value where they fit', () => {
  const check = (test: Test, field: string, expected: Test) =>
    expect(withField(vocabulary, test, field)).toEqual(expected)
  check({ field: 'utmSource', operator: 'contains', value: 'mail' }, 'utmMedium', {
    field: 'utmMedium',
    operator: 'contains',
    value: 'mail',
  })
  check({ field: 'country', operator: 'in', value: ['US'] }, 'os', {
    field: 'os',
    operator: 'in',
    value: [],
  })
  check({ field: 'os', operator: 'equals', value: 'iOS' }, 'isNewVisitor', {
    field: 'isNewVisitor',
    operator: 'is_true',
  })
  check({ field: 'osVersion', operator: 'less_than', value: '17' }, 'browserVersion', {
    field: 'browserVersion',
    operator: 'less_than',
    value: '17',
  })
  check({ field: 'hour', operator: 'in', value: [9], timezone: 'Asia/Tokyo' }, 'dayOfWeek', {
    field: 'dayOfWeek',
    operator: 'in',
    value: [],
    timezone: 'Asia/Tokyo',
  })
  check({ field: 'hour', operator: 'in', value: [9], timezone: 'Asia/Tokyo' }, 'os', {
    field: 'os',
    operator: 'in',
    value: [],
  })
})

test('what lacks a value is incomplete', () => {
  const check = (test: Test, expected: boolean) =>
    expect(isComplete(vocabulary, test)).toBe(expected)
  check({ field: 'country', operator: 'in', value: [] }, false)
  check({ field: 'country', operator: 'in', value: ['US'] }, true)
  check({ field: 'referrer', operator: 'equals', value: '' }, true)
  check({ field: 'vpn', operator: 'is_true' }, true)
  check({ field: 'query.', operator: 'exists' }, false)
  check({ field: 'hour', operator: 'between', value: ['9', ''] }, false)
})
