import { expect, test } from 'vitest'
import { parametersOf, textOfParameters } from './parameters'

test('lines are read and written back', () => {
  const values = { utm_source: 'mail', q: 'a=b' }
  expect(parametersOf(textOfParameters(values))).toEqual({ values })
  expect(parametersOf('\n utm_source = mail \n\n')).toEqual({ values: { utm_source: 'mail' } })
  expect(parametersOf('')).toEqual({ values: {} })
})

test('a line that is no parameter is named', () => {
  expect(parametersOf('a=1\nmail')).toEqual({ wrong: 2 })
  expect(parametersOf('=mail')).toEqual({ wrong: 1 })
})
