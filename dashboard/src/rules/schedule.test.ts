import { expect, test } from 'vitest'
import { EMPTY_WEEK, type Week, weekOf, whenOf } from './schedule'

const office: Week = EMPTY_WEEK.map((_, day) =>
  0 < day && day < 6 ? [9, 10, 11, 12, 13, 14, 15, 16] : [],
)

test('office hours are a day test and an hour test', () => {
  expect(whenOf(office)).toEqual({
    all: [
      { field: 'dayOfWeek', operator: 'in', value: [1, 2, 3, 4, 5] },
      { field: 'hour', operator: 'between', value: [9, 16] },
    ],
  })
})

test('whole days need no hours, and the same hours every day no days', () => {
  const day = Array.from({ length: 24 }, (_, hour) => hour)
  expect(whenOf(EMPTY_WEEK.map((_, i) => (i === 0 ? day : [])))).toEqual({
    field: 'dayOfWeek',
    operator: 'in',
    value: [0],
  })
  expect(whenOf(EMPTY_WEEK.map(() => [22, 23, 0]))).toMatchObject({ field: 'hour', operator: 'in' })
  expect(whenOf(EMPTY_WEEK)).toBeUndefined()
  expect(whenOf(EMPTY_WEEK.map(() => day))).toBeUndefined()
})

test('what is written is read again', () => {
  const mixed: Week = office.map((hours, day) => (day === 6 ? [10, 12] : hours))
  for (const week of [office, mixed]) {
    for (const zone of [undefined, 'Europe/Berlin']) {
      const read = weekOf(whenOf(week, zone)!)
      expect(read?.week).toEqual(week)
      expect(read?.timezone).toBe(zone)
    }
  }
})

test('what asks for more is no week', () => {
  expect(weekOf({ field: 'country', operator: 'equals', value: 'DE' })).toBeUndefined()
  expect(weekOf({ not: { field: 'hour', operator: 'equals', value: 1 } })).toBeUndefined()
  expect(
    weekOf({
      all: [
        { field: 'hour', operator: 'equals', value: 1, timezone: 'UTC' },
        { field: 'hour', operator: 'less_than', value: 3 },
      ],
    }),
  ).toBeUndefined()
})
