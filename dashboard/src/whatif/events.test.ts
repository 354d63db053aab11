import { expect, test } from 'vitest'
import { eventsIn } from './events'

test('events are told from each other, and comments are none', () => {
  const { events, rest } = eventsIn(': hello\n\nevent: progress\ndata: {"done":1}\n\nevent: res')
  expect(events).toEqual([{ event: 'progress', data: '{"done":1}' }])
  expect(rest).toBe('event: res')
})

test('lines may end as they like, and data may have several', () => {
  const { events } = eventsIn('data: a\r\ndata: b\r\n\r\n')
  expect(events).toEqual([{ event: 'message', data: 'a\nb' }])
})
