import { describe, expect, test } from 'vitest'
import { type Arrival, type Arrivals, arrive, catchUp, draw, forget, NONE } from './arrivals'

const click = (id: number) => ({ id: `clk_${id}` }) as Arrival
const having = (clicks: number, paused = false): Arrivals => {
  let arrivals = NONE
  for (let id = 1; id <= clicks; id++) arrivals = arrive(arrivals, click(id), id, paused)
  return arrivals
}
const ids = (clicks: readonly Arrival[]) => clicks.map(({ id }) => id)

describe('arrivals', () => {
  test('are drawn one by one, the newest above', () => {
    const twice = draw(draw(having(3)))
    expect(ids(twice.drawn)).toEqual(['clk_2', 'clk_1'])
    expect(ids(twice.waiting)).toEqual(['clk_3'])
  })

  test('nothing waits, nothing changes', () => {
    expect(draw(NONE)).toBe(NONE)
    expect(forget(NONE, 0)).toBe(NONE)
  })

  test('too many are counted and not drawn', () => {
    const rush = having(100)
    expect(rush.waiting).toHaveLength(20)
    expect(rush.waiting[0]?.id).toBe('clk_81')
    expect(rush.skipped).toBe(80)
    expect(rush.minute).toHaveLength(100)
  })

  test('whoever pauses may look at them afterwards, at once', () => {
    const paused = having(100, true)
    expect(paused.skipped).toBe(0)
    const caughtUp = catchUp(paused)
    expect(caughtUp.waiting).toEqual([])
    expect(caughtUp.drawn[0]?.id).toBe('clk_100')
  })

  test('after a minute they are not of the last minute', () => {
    expect(forget(having(3), 60_002).minute).toEqual([3])
  })
})
