/**
 * QR codes of short texts (ISO/IEC 18004): byte mode, error correction M, versions 1 to 10.
 *
 * Secrets are drawn in the browser, so that they are in no address and in no cache.
 */

/** By version, from 1: error correction bytes of a block, blocks, bytes in all, alignment. */
const VERSIONS: [check: number, blocks: number, bytes: number, aligned: number[]][] = [
  [10, 1, 26, []],
  [16, 1, 44, [6, 18]],
  [26, 1, 70, [6, 22]],
  [18, 2, 100, [6, 26]],
  [24, 2, 134, [6, 30]],
  [16, 4, 172, [6, 34]],
  [18, 4, 196, [6, 22, 38]],
  [22, 4, 242, [6, 24, 42]],
  [22, 5, 292, [6, 26, 46]],
  [26, 5, 346, [6, 28, 50]],
]

const MASKS: ((x: number, y: number) => boolean)[] = [
  (x, y) => (x + y) % 2 === 0,
  (_, y) => y % 2 === 0,
  x => x % 3 === 0,
  (x, y) => (x + y) % 3 === 0,
  (x, y) => (Math.floor(x / 3) + Math.floor(y / 2)) % 2 === 0,
  (x, y) => ((x * y) % 2) + ((x * y) % 3) === 0,
  (x, y) => (((x * y) % 2) + ((x * y) % 3)) % 2 === 0,
  (x, y) => (((x + y) % 2) + ((x * y) % 3)) % 2 === 0,
]

/** Rows of modules, true for dark; undefined where the text is too long (213 bytes). */
export function qr(text: string): boolean[][] | undefined {
  const bytes = new TextEncoder().encode(text)
  const number = VERSIONS.findIndex(
    ([check, blocks, total], index) =>
      12 + (index < 9 ? 0 : 8) + 8 * bytes.length <= 8 * (total - check * blocks),
  )
  if (number < 0) return undefined
  const content = interleaved(framed(bytes, number), number)
  const drawn = MASKS.map((_, mask) => draw(content, number, mask))
  return drawn.reduce((best, next) => (unrest(next) < unrest(best) ? next : best))
}

/** The text with its kind and length before it, filled up to what the version holds. */
function framed(bytes: Uint8Array, number: number): number[] {
  const [check, blocks, total] = VERSIONS[number]!
  const room = total - check * blocks
  let bits = `0100${bytes.length.toString(2).padStart(number < 9 ? 8 : 16, '0')}`
  for (const byte of bytes) bits += byte.toString(2).padStart(8, '0')
  bits += '0'.repeat(Math.min(4, 8 * room - bits.length))
  bits = bits.padEnd(Math.ceil(bits.length / 8) * 8, '0')
  const content = bits.match(/.{8}/g)!.map(byte => Number.parseInt(byte, 2))
  for (let filler = 0xec; content.length < room; filler ^= 0xec ^ 0x11) content.push(filler)
  return content
}

/** Blocks, each with its error correction, taken byte by byte in turn. */
function interleaved(content: number[], number: number): number[] {
  const [check, blocks, total] = VERSIONS[number]!
  const short = Math.floor((total - check * blocks) / blocks)
  const long = (total - check * blocks) % blocks
  const data: number[][] = []
  for (let block = 0, at = 0; block < blocks; block++) {
    const length = short + (blocks - long <= block ? 1 : 0)
    data.push(content.slice(at, at + length))
    at += length
  }
  const divisor = polynomial(check)
  const checks = data.map(block => remainder(block, divisor))
  const out: number[] = []
  for (let index = 0; index <= short; index++) {
    for (const block of data) if (index < block.length) out.push(block[index]!)
  }
  for (let index = 0; index < check; index++) for (const block of checks) out.push(block[index]!)
  return out
}

/** Multiplies in the field of 256 elements that QR codes use. */
function times(a: number, b: number): number {
  let product = 0
  for (let bit = 7; 0 <= bit; bit--) {
    product = (product << 1) ^ ((product >>> 7) * 0x11d)
    product ^= ((b >>> bit) & 1) * a
  }
  return product
}

function polynomial(degree: number): number[] {
  const out = [...new Array(degree - 1).fill(0), 1]
  let root = 1
  for (let step = 0; step < degree; step++) {
    for (let at = 0; at < degree; at++) {
      out[at] = times(out[at], root) ^ (at + 1 < degree ? out[at + 1] : 0)
    }
    root = times(root, 2)
  }
  return out
}

function remainder(block: number[], divisor: number[]): number[] {
  const out: number[] = new Array(divisor.length).fill(0)
  for (const byte of block) {
    const factor = byte ^ out.shift()!
    out.push(0)
    for (const [at, coefficient] of divisor.entries()) out[at]! ^= times(coefficient, factor)
  }
  return out
}

function draw(content: number[], number: number, mask: number): boolean[][] {
  const size = 21 + 4 * number
  const [, , , aligned] = VERSIONS[number]!
  const dark = Array.from({ length: size }, () => new Array<boolean>(size).fill(false))
  const taken = Array.from({ length: size }, () => new Array<boolean>(size).fill(false))
  const set = (x: number, y: number, value: boolean) => {
    if (x < 0 || y < 0 || size <= x || size <= y) return
    dark[y]![x] = value
    taken[y]![x] = true
  }
  const rings = (cx: number, cy: number, reach: number, light: number[]) => {
    for (let y = -reach; y <= reach; y++) {
      for (let x = -reach; x <= reach; x++) {
        set(cx + x, cy + y, !light.includes(Math.max(Math.abs(x), Math.abs(y))))
      }
    }
  }

  for (let at = 0; at < size; at++) {
    set(6, at, at % 2 === 0)
    set(at, 6, at % 2 === 0)
  }
  for (const [x, y] of [
    [3, 3],
    [size - 4, 3],
    [3, size - 4],
  ] as const) {
    rings(x, y, 4, [2, 4])
  }
  const last = aligned.at(-1)
  for (const x of aligned) {
    for (const y of aligned) {
      const corner = (x === 6 && (y === 6 || y === last)) || (x === last && y === 6)
      if (!corner) rings(x, y, 2, [1])
    }
  }

  // Level M is 00; ten bits of a BCH code follow, and a fixed pattern is laid over all.
  const format = (mask << 10) | divided(mask, 10, 0x537)
  const bit = (at: number) => (((format ^ 0x5412) >>> at) & 1) === 1
  for (let at = 0; at < 15; at++) {
    const [x, y] = at < 6 ? [8, at] : at < 8 ? [8, at + 1] : at === 8 ? [7, 8] : [14 - at, 8]
    set(x!, y!, bit(at))
    if (at < 8) set(size - 1 - at, 8, bit(at))
    else set(8, size - 15 + at, bit(at))
  }
  set(8, size - 8, true)
  if (7 <= number + 1) {
    const version = ((number + 1) << 12) | divided(number + 1, 12, 0x1f25)
    for (let at = 0; at < 18; at++) {
      const [a, b] = [size - 11 + (at % 3), Math.floor(at / 3)]
      set(a, b, ((version >>> at) & 1) === 1)
      set(b, a, ((version >>> at) & 1) === 1)
    }
  }

  // Two columns at a time from the right, up and down in turn; the timing column is left out.
  let at = 0
  for (let right = size - 1; 1 <= right; right -= 2) {
    if (right === 6) right = 5
    for (let step = 0; step < size; step++) {
      for (const x of [right, right - 1]) {
        const y = ((right + 1) & 2) === 0 ? size - 1 - step : step
        if (taken[y]![x]) continue
        const value = ((content[at >>> 3] ?? 0) >>> (7 - (at & 7))) & 1
        dark[y]![x] = (value === 1) !== MASKS[mask]!(x, y)
        at++
      }
    }
  }
  return dark
}

/** The check bits of a BCH code. */
function divided(value: number, bits: number, divisor: number): number {
  let rest = value
  for (let step = 0; step < bits; step++) rest = (rest << 1) ^ ((rest >>> (bits - 1)) * divisor)
  return rest
}

/** How hard it is to read: long runs, blocks, and more of one colour (penalties 1, 2 and 4). */
function unrest(dark: boolean[][]): number {
  const size = dark.length
  let penalty = 0
  let total = 0
  for (let y = 0; y < size; y++) {
    for (const at of [(x: number) => dark[y]![x]!, (x: number) => dark[x]![y]!]) {
      let run = 0
      for (let x = 0; x < size; x++) {
        run = 0 < x && at(x) === at(x - 1) ? run + 1 : 1
        if (run === 5) penalty += 3
        if (5 < run) penalty += 1
      }
    }
    for (let x = 0; x < size; x++) {
      if (dark[y]![x]) total++
      if (y === 0 || x === 0) continue
      const four = [dark[y]![x], dark[y - 1]![x], dark[y]![x - 1], dark[y - 1]![x - 1]]
      if (four.every(value => value === four[0])) penalty += 3
    }
  }
  return penalty + 10 * Math.floor(Math.abs((20 * total) / (size * size) - 10))
}
