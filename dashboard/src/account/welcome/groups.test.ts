import { expect, test } from 'vitest'
import { conditionOf } from './groups'

test('both menus make one condition of two tests', () => {
  expect(conditionOf('iphone', 'DE')).toEqual({
    all: [
      { field: 'os', operator: 'equals', value: 'iOS' },
      { field: 'country', operator: 'in', value: ['DE'] },
    ],
  })
})

test('everybody from anywhere is no rule', () => {
  expect(conditionOf('any', 'any')).toBeNull()
})
