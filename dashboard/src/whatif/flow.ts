/**
 * Where visitors went and where they would go, as streams between two columns of rules: pure
 * geometry, so that it can be tested and drawn by anything.
 */
import type { ByRule, Replay } from './replay'

/** A rule by its id; `else` is everyone else, `unknown` what cannot be told. */
export type NodeId = string

export interface Node {
  id: NodeId
  clicks: number
  y: number
  height: number
}

export interface Stream {
  from: NodeId
  to: NodeId
  clicks: number
  kind: 'same' | 'changed' | 'unknown'
  /** Where it begins and ends, from above, and how thick it is. */
  y1: number
  y2: number
  height: number
}

export interface Flow {
  left: Node[]
  right: Node[]
  streams: Stream[]
  height: number
}

export const ELSE = 'else'
export const UNKNOWN = 'unknown'

/** The least that a node takes: two lines of words beside it. */
const ROOM = 40
const GAP = 10
/** What the thickest column of streams comes to. */
const FULL = 260
/** A stream of one click in a million can still be seen and pointed at. */
const THINNEST = 1.5

type Bare = Pick<Stream, 'from' | 'to' | 'clicks' | 'kind'>

/** The streams, without their places: of what goes to one rule, the changed part is one of its own. */
export function streamsOf({ rules }: Pick<Replay, 'rules'>): Bare[] {
  const streams: Bare[] = []
  for (const row of rules) {
    const from = row.rule ?? ELSE
    for (const to of row.to) {
      const id = to.rule?.id ?? ELSE
      const changed = to.changed ?? changedOf(row, id, to.clicks)
      if (to.clicks - changed > 0) {
        streams.push({ from, to: id, clicks: to.clicks - changed, kind: 'same' })
      }
      if (changed > 0) streams.push({ from, to: id, clicks: changed, kind: 'changed' })
    }
    if (row.unknown > 0) {
      streams.push({ from, to: UNKNOWN, clicks: row.unknown, kind: 'unknown' })
    }
  }
  return streams
}

/** For servers that do not tell it: who meets another rule goes elsewhere, where anybody does. */
function changedOf(row: ByRule, to: string, clicks: number): number {
  if (row.changed === 0) return 0
  if (row.same === 0) return clicks
  return to === (row.rule ?? ELSE) ? 0 : clicks
}

/** Rules in their order, everyone else behind them, what cannot be told last. */
export function flowOf(
  replay: Pick<Replay, 'rules'>,
  live: readonly string[],
  tried: readonly string[],
): Flow {
  const bare = streamsOf(replay)
  const place = (order: readonly string[]) => (id: string) =>
    id === UNKNOWN ? 1e9 : id === ELSE ? 1e8 : order.includes(id) ? order.indexOf(id) : 1e7
  const [leftPlace, rightPlace] = [place(live), place(tried)]
  const total = bare.reduce((sum, { clicks }) => sum + clicks, 0)
  const scale = total === 0 ? 0 : FULL / total
  const thick = (clicks: number) => Math.max(clicks * scale, THINNEST)

  const column = (side: 'from' | 'to', placeOf: (id: string) => number): Node[] => {
    const ids = [...new Set(bare.map(stream => stream[side]))]
    ids.sort((a, b) => placeOf(a) - placeOf(b))
    let y = 0
    return ids.map(id => {
      const own = bare.filter(stream => stream[side] === id)
      const clicks = own.reduce((sum, stream) => sum + stream.clicks, 0)
      const height = own.reduce((sum, stream) => sum + thick(stream.clicks), 0)
      const node = { id, clicks, y, height }
      y += Math.max(height, ROOM) + GAP
      return node
    })
  }
  const left = column('from', leftPlace)
  const right = column('to', rightPlace)

  const drawn = bare.map(stream => ({ ...stream, y1: 0, y2: 0, height: thick(stream.clicks) }))
  const kinds = { same: 0, changed: 1, unknown: 2 }
  for (const node of left) {
    let y = node.y
    const own = drawn.filter(({ from }) => from === node.id)
    own.sort((a, b) => rightPlace(a.to) - rightPlace(b.to) || kinds[a.kind] - kinds[b.kind])
    for (const stream of own) {
      stream.y1 = y
      y += stream.height
    }
  }
  for (const node of right) {
    let y = node.y
    const own = drawn.filter(({ to }) => to === node.id)
    own.sort((a, b) => leftPlace(a.from) - leftPlace(b.from) || kinds[a.kind] - kinds[b.kind])
    for (const stream of own) {
      stream.y2 = y
      y += stream.height
    }
  }
  const bottom = (nodes: Node[]) => {
    const last = nodes.at(-1)
    return last ? last.y + Math.max(last.height, ROOM) : 0
  }
  // What changes lies above what does not.
  drawn.sort((a, b) => kinds[a.kind] - kinds[b.kind] || b.clicks - a.clicks)
  return { left, right, streams: drawn, height: Math.max(bottom(left), bottom(right)) }
}

/** The outline of a stream between two columns. */
export function ribbon({ y1, y2, height }: Stream, x1: number, x2: number): string {
  const middle = (x1 + x2) / 2
  return [
    `M${x1} ${y1}`,
    `C${middle} ${y1} ${middle} ${y2} ${x2} ${y2}`,
    `L${x2} ${y2 + height}`,
    `C${middle} ${y2 + height} ${middle} ${y1 + height} ${x1} ${y1 + height}`,
    'Z',
  ].join('')
}
