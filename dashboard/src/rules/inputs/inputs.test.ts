import { expect, test } from 'vitest'
import { readHours, writeHours } from './hours'
import { faultOf, readLines } from './networks'

test('hours are read as people write them', () => {
  const check = (text: string, hours: number[] | undefined) =>
    expect(readHours(text), text).toEqual(hours)
  check('9-11, 20', [9, 10, 11, 20])
  check('9:00 – 10:00', [9, 10])
  check('22-1', [0, 1, 22, 23])
  check('', [])
  check('24', undefined)
  check('nine', undefined)
})

test('hours that were read are written alike', () => {
  for (const text of ['9-17, 20', '0', '0-23', '9-17']) {
    expect(writeHours(readHours(text)!)).toBe(text)
  }
})

test('networks are checked before they are sent', () => {
  const check = (text: string, fault: unknown) => expect(faultOf(text), text).toEqual(fault)
  check('10.0.0.0/8', undefined)
  check('192.0.2.7', undefined)
  check('2001:db8::/32', undefined)
  check('::1', undefined)
  check('::ffff:192.0.2.1', undefined)
  check('10.0.0.0/33', { prefix: 32 })
  check('2001:db8::/129', { prefix: 128 })
  check('300.1.1.1', 'address')
  check('2001:db8::1::2', 'address')
  check('example.com', 'address')
  check('10.0.0.0/8/9', 'address')
})

test('networks stand on lines, or between commas', () => {
  expect(readLines('10.0.0.0/8\n 192.0.2.1, ::1\n')).toEqual(['10.0.0.0/8', '192.0.2.1', '::1'])
})
