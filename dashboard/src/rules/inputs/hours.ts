/** Hours as people write them: `9-17, 20`. */
import { runs } from '../clock'

/** The hours that a text means, ends included as in the API; nothing where it is none. */
export function readHours(text: string): number[] | undefined {
  const found = new Set<number>()
  for (const piece of text.split(/[,;]+/).map(piece => piece.trim())) {
    if (!piece) continue
    const match = /^(\d{1,2})(?::00)?(?:\s*(?:-|–|to|bis)\s*(\d{1,2})(?::00)?)?$/.exec(piece)
    const from = Number(match?.[1])
    const to = match?.[2] === undefined ? from : Number(match[2])
    if (!match || 23 < from || 23 < to) return undefined
    // 22-2 goes on after midnight.
    for (let hour = from; ; hour = (hour + 1) % 24) {
      found.add(hour)
      if (hour === to) break
    }
  }
  return [...found].sort((a, b) => a - b)
}

export function writeHours(hours: readonly number[]): string {
  return runs(hours)
    .map(([from, end]) => (end - 1 === from ? `${from}` : `${from}-${end - 1}`))
    .join(', ')
}
