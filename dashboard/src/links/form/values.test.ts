import { expect, test } from 'vitest'
import { changeOf, EMPTY, fieldAt, type Values } from './values'

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
