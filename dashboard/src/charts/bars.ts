/** Bars with their names and numbers as an SVG, for pictures of what the page draws as a list. */
import type { Picture } from './picture'

interface Bar {
  name: string
  count: string
  /** Of the longest bar. */
  part: number
}

interface Ink {
  text: string
  bar: string
}

const ROW = 30
const WIDTH = 640

export function barsPicture(bars: readonly Bar[], { text, bar: fill }: Ink): Picture {
  const rows = bars.map(({ name, count, part }, place) => {
    const y = place * ROW
    const length = Math.max(2, part * WIDTH)
    return `<rect x="0" y="${y + 2}" width="${length}" height="${ROW - 4}" rx="4" fill="${fill}"/>
<text x="8" y="${y + 20}">${escaped(cut(name))}</text>
<text x="${WIDTH - 8}" y="${y + 20}" text-anchor="end">${escaped(count)}</text>`
  })
  const height = Math.max(1, bars.length) * ROW
  return { svg: drawing(WIDTH, height, text, rows.join('\n')), width: WIDTH, height }
}

/** Squares of colours in rows and columns, each row and every third column with its name. */
export function squaresPicture(
  rows: readonly { name: string; colors: readonly string[] }[],
  columns: readonly string[],
  text: string,
): Picture {
  const [left, side, top] = [56, 26, 22]
  const squares = rows.flatMap(({ name, colors }, row) => [
    `<text x="0" y="${top + row * side + 17}">${escaped(name)}</text>`,
    ...colors.map(
      (color, column) =>
        `<rect x="${left + column * side}" y="${top + row * side}" width="${side - 2}" height="${side - 2}" rx="3" fill="${color}"/>`,
    ),
  ])
  const names = columns.map((name, column) =>
    column % 3 ? '' : `<text x="${left + column * side}" y="14">${escaped(name)}</text>`,
  )
  const width = left + columns.length * side
  const height = top + rows.length * side
  return { svg: drawing(width, height, text, [...names, ...squares].join('')), width, height }
}

function drawing(width: number, height: number, text: string, inner: string): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" font-family="system-ui, sans-serif" font-size="14" fill="${text}">${inner}</svg>`
}

function cut(name: string): string {
  return name.length <= 60 ? name : `${name.slice(0, 59)}…`
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
