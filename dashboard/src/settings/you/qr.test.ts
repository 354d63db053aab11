import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { qr } from './qr'

const rowsOf = (text: string) =>
  qr(text)?.map(row => row.map(dark => (dark ? '#' : ' ')).join('')) ?? []
const digest = (text: string) =>
  createHash('sha256').update(rowsOf(text).join('\n')).digest('hex').slice(0, 16)

test('modules are those that the server draws for the same text (by fast_qr)', () => {
  const long = `q${'abcdefghij'.repeat(20)}`
  expect(digest(`http://localhost:8360/${long.slice(0, 21)}?qr`)).toBe('7de2caac64ed722d')
  expect(digest(`http://localhost:8360/${long.slice(0, 101)}?qr`)).toBe('ec05e282bbf7fd54')
  expect(digest(`http://localhost:8360/${long.slice(0, 171)}?qr`)).toBe('be50a1c02cec6695')
})

test('the version grows with the text, up to what is drawn here', () => {
  expect(rowsOf('x'.repeat(14))).toHaveLength(21)
  expect(rowsOf('x'.repeat(15))).toHaveLength(25)
  expect(rowsOf('x'.repeat(213))).toHaveLength(57)
  expect(qr('x'.repeat(214))).toBeUndefined()
})
