import { expect, test } from 'vitest'
import {
  alongside,
  depthOf,
  givenAt,
  inserted,
  isWhen,
  negated,
  partAt,
  removed,
  replaced,
  shifted,
  testsOf,
  turned,
  type When,
} from './tree'

const is = (value: string) => ({ field: 'country', operator: 'equals', value })
const tree: When = { all: [is('a'), { not: { any: [is('b'), is('c')] } }, { not: is('d') }] }

test('a place is found as the API writes it', () => {
  expect(partAt(tree, '')).toBe(tree)
  expect(partAt(tree, 'all[0]')).toEqual(is('a'))
  expect(partAt(tree, 'all[1].not.any[1]')).toEqual(is('c'))
  expect(partAt(tree, 'all[2].not')).toEqual(is('d'))
  expect(partAt(tree, 'all[7]')).toBeUndefined()
  expect(partAt(tree, 'any[0]')).toBeUndefined()
  expect(partAt(is('a'), '')).toEqual(is('a'))
})

test('every test has a place, and stands there', () => {
  const found = testsOf(tree)
  expect(found.map(([at]) => at)).toEqual([
    'all[0]',
    'all[1].not.any[0]',
    'all[1].not.any[1]',
    'all[2].not',
  ])
  for (const [at, it] of found) expect(partAt(tree, at)).toBe(it)
})

test('a replacement changes what it names and keeps all else as it was', () => {
  const after = replaced(tree, 'all[1].not.any[0]', is('x'))
  expect(partAt(after, 'all[1].not.any[0]')).toEqual(is('x'))
  expect(partAt(after, 'all[0]')).toBe(partAt(tree, 'all[0]'))
  expect(partAt(after, 'all[2]')).toBe(partAt(tree, 'all[2]'))
  expect(replaced(tree, '', is('x'))).toEqual(is('x'))
})

test('an empty group goes with its last part', () => {
  expect(removed(is('a'), '')).toBeUndefined()
  expect(removed({ all: [is('a'), is('b')] }, 'all[0]')).toEqual({ all: [is('b')] })
  expect(removed({ all: [is('a')] }, 'all[0]')).toBeUndefined()
  expect(removed({ all: [is('a'), { not: { any: [is('b')] } }] }, 'all[1].not.any[0]')).toEqual({
    all: [is('a')],
  })
})

test('"and" and "or" join the group that asks so already, and else make one', () => {
  expect(alongside(is('a'), '', is('b'), 'all')).toEqual({ all: [is('a'), is('b')] })
  expect(alongside({ all: [is('a'), is('b')] }, 'all[0]', is('x'), 'all')).toEqual({
    all: [is('a'), is('x'), is('b')],
  })
  expect(alongside({ all: [is('a')] }, '', is('x'), 'all')).toEqual({ all: [is('a'), is('x')] })
  expect(alongside({ all: [is('a'), is('b')] }, 'all[0]', is('x'), 'any')).toEqual({
    all: [{ any: [is('a'), is('x')] }, is('b')],
  })
  expect(inserted({ any: [is('a')] }, '', 0, is('x'))).toEqual({ any: [is('x'), is('a')] })
})

test('parts move within their group and no further', () => {
  const all = { all: [is('a'), is('b'), is('c')] }
  expect(shifted(all, 'all[0]', 1)).toEqual({ all: [is('b'), is('a'), is('c')] })
  expect(shifted(all, 'all[2]', 5)).toEqual(all)
  expect(shifted(all, 'all[2]', -9)).toEqual({ all: [is('c'), is('a'), is('b')] })
  expect(shifted(is('a'), '', 1)).toEqual(is('a'))
})

test('"not" and the word of a group are turned in place', () => {
  expect(negated(is('a'), '')).toEqual({ not: is('a') })
  expect(negated({ not: is('a') }, '')).toEqual(is('a'))
  expect(turned({ all: [is('a')] }, '')).toEqual({ any: [is('a')] })
  expect(turned(tree, 'all[1].not')).toEqual({
    all: [is('a'), { not: { all: [is('b'), is('c')] } }, { not: is('d') }],
  })
  expect(turned(is('a'), '')).toEqual(is('a'))
})

test('a level is a group', () => {
  expect(depthOf(is('a'))).toBe(0)
  expect(depthOf({ not: is('a') })).toBe(0)
  expect(depthOf({ all: [is('a')] })).toBe(1)
  expect(depthOf(tree)).toBe(2)
})

test('what is given beside and above', () => {
  const when: When = { all: [is('a'), { any: [is('b'), { all: [is('c'), is('d')] }] }] }
  expect(givenAt(when, 'all[1].any[1].all[0]').map(it => it.value)).toEqual(['d', 'a'])
  expect(givenAt(when, 'all[1].any[0]').map(it => it.value)).toEqual(['a'])
  expect(givenAt(when, '')).toEqual([])
})

test('a tree is told from what is none', () => {
  expect(isWhen(tree)).toBe(true)
  expect(isWhen({ all: [{}] })).toBe(false)
  expect(isWhen([])).toBe(false)
  expect(isWhen({ field: 'os' })).toBe(false)
})
