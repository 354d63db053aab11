import { expect, test } from 'vitest'
import { jsonOf, textOf } from './json'

test('what is empty is null', () => {
  expect(textOf(null)).toBe('')
  expect(jsonOf('  ')).toEqual({ ok: true, value: null })
})

test('what is typed is read back', () => {
  const links = [{ relation: ['a'] }]
  expect(jsonOf(textOf(links))).toEqual({ ok: true, value: links })
  expect(jsonOf('{"a":')).toEqual({ ok: false })
})
