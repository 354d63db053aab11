import { expect, test } from 'vitest'
import { ELSE, flowOf, ribbon, streamsOf, UNKNOWN } from './flow'
import type { ByRule } from './replay'

const to = (id: string | null, clicks: number, changed?: number) => ({
  rule: id ? { id, name: '', position: 1 } : null,
  clicks,
  ...(changed === undefined ? {} : { changed }),
})
const rules: ByRule[] = [
  { rule: null, same: 90, changed: 10, unknown: 0, to: [to(null, 90, 0), to('c', 10, 10)] },
  { rule: 'a', same: 30, changed: 0, unknown: 5, to: [to('a', 30, 0)] },
  { rule: 'old', same: 3, changed: 2, unknown: 0, to: [to('a', 5, 2)] },
]

test('every click is in one stream, and what changes is apart', () => {
  const streams = streamsOf({ rules })
  expect(streams).toEqual([
    { from: ELSE, to: ELSE, clicks: 90, kind: 'same' },
    { from: ELSE, to: 'c', clicks: 10, kind: 'changed' },
    { from: 'a', to: 'a', clicks: 30, kind: 'same' },
    { from: 'a', to: UNKNOWN, clicks: 5, kind: 'unknown' },
    { from: 'old', to: 'a', clicks: 3, kind: 'same' },
    { from: 'old', to: 'a', clicks: 2, kind: 'changed' },
  ])
})

test('an older server does not tell what changed of a stream', () => {
  const row = (same: number, changed: number, ways: ByRule['to']): ByRule[] => [
    { rule: 'a', same, changed, unknown: 0, to: ways },
  ]
  const kinds = (rows: ByRule[]) => streamsOf({ rules: rows }).map(({ kind }) => kind)
  expect(kinds(row(5, 0, [to('b', 5)]))).toEqual(['same'])
  expect(kinds(row(0, 5, [to('a', 5)]))).toEqual(['changed'])
  expect(kinds(row(5, 5, [to('a', 5), to('b', 5)]))).toEqual(['same', 'changed'])
})

test('rules stand in their order, then those of before, everyone else, and what cannot be told', () => {
  const { left, right } = flowOf({ rules }, ['a'], ['c', 'a'])
  expect(left.map(({ id }) => id)).toEqual(['a', 'old', ELSE])
  expect(right.map(({ id }) => id)).toEqual(['c', 'a', ELSE, UNKNOWN])
  expect(left.map(({ clicks }) => clicks)).toEqual([35, 5, 100])
})

test('nothing overlaps: nodes have room, and streams lie one under the other', () => {
  const { left, right, streams } = flowOf({ rules }, ['a'], ['c', 'a'])
  for (const column of [left, right]) {
    for (const [index, node] of column.entries()) {
      const next = column[index + 1]
      if (next) expect(next.y).toBeGreaterThanOrEqual(node.y + Math.max(node.height, 40))
    }
  }
  for (const node of left) {
    const own = streams.filter(({ from }) => from === node.id).sort((a, b) => a.y1 - b.y1)
    let y = node.y
    for (const stream of own) {
      expect(stream.y1).toBeCloseTo(y)
      y += stream.height
    }
    expect(y).toBeCloseTo(node.y + node.height)
  }
})

test('no clicks make no streams', () => {
  expect(flowOf({ rules: [] }, [], [])).toEqual({ left: [], right: [], streams: [], height: 0 })
})

test('a ribbon is as thick at its end as at its beginning', () => {
  const stream = { from: 'a', to: 'b', clicks: 1, kind: 'same' as const, y1: 0, y2: 20, height: 5 }
  expect(ribbon(stream, 0, 100)).toBe('M0 0C50 0 50 20 100 20L100 25C50 25 50 5 0 5Z')
})
