import { expect, test } from 'vitest'
import type { Link } from '../link'
import { changeOf, EMPTY, fieldAt, type Values, valuesOf } from './values'

const change = (after: Partial<Values>, before: Partial<Values> = {}) =>
  changeOf({ ...EMPTY, ...before }, { ...EMPTY, ...before, ...after })

test('only what differs is sent', () => {
  expect(change({ title: 'Spring' }, { slug: 'spring' })).toEqual({ title: 'Spring' })
})

test('an emptied field is removed', () => {
  expect(change({ title: '', clickLimit: '' }, { title: 'x', clickLimit: '3' })).toEqual({
    title: null,
    clickLimit: null,
  })
})

test('a password is kept unless it is typed or taken away', () => {
  expect(change({ password: null })).toEqual({})
  expect(change({ password: 'a b' })).toEqual({ password: 'a b' })
  expect(change({ password: '' })).toEqual({ password: null })
})

test('a card keeps the properties that no field shows', () => {
  const card = { title: 'x', properties: [['twitter:card', 'summary']] }
  const before = { ...EMPTY, cardTitle: 'x' }
  expect(changeOf(before, { ...before, cardTitle: '' }, card)).toEqual({
    card: { title: null, description: null, image: null, properties: card.properties },
  })
  expect(changeOf(before, { ...before, cardTitle: '' })).toEqual({ card: null })
})

test.each([
  ['destination', 'destination'],
  ['tags[1]', 'tags'],
  ['card.image', 'cardImage'],
  ['rules[0].when', undefined],
])('a fault at %s is shown at %s', (at, field) => {
  expect(fieldAt(at)).toBe(field)
})

test('parameters are sent as a map, and what is always so is called one thing', () => {
  expect(change({ parameters: 'ref=mail\n\nlang = de' })).toEqual({
    parameters: { ref: 'mail', lang: 'de' },
  })
  expect(change({ parameters: '' }, { parameters: 'ref=mail' })).toEqual({ parameters: {} })
  expect(valuesOf({ redirectBehavior: 'always' } as Link).redirectBehavior).toBe('auto')
})

test('a moment of deletion is taken away by emptying it', () => {
  const deleteAt = '2030-01-01T00:00:00Z'
  expect(change({ deleteAt })).toEqual({ deleteAt })
  expect(change({ deleteAt: '' }, { deleteAt })).toEqual({ deleteAt: null })
})
