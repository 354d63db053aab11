/** What a chart shows, as rows: for those who would rather read, and for spreadsheets. */

export type Cell = string | number | null

export interface Table {
  columns: string[]
  rows: Cell[][]
}

/** RFC 4180, with the mark by which spreadsheets know UTF-8. */
export function csv({ columns, rows }: Table): string {
  return `\uFEFF${[columns, ...rows].map(row => row.map(field).join(',')).join('\r\n')}\r\n`
}

function field(cell: Cell): string {
  if (typeof cell === 'number') return String(cell)
  const text = harmless(cell ?? '')
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

/** What a visitor sent must not be a formula for whoever opens the file. */
function harmless(text: string): string {
  return /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
}

/** A file's name of what is in it: `waypost clicks 7d country-DE.csv`, as every system takes it. */
export function fileName(parts: readonly string[], extension: string): string {
  const name = ['waypost', ...parts]
    .map(part => part.replaceAll(/[^\p{L}\p{N}.-]+/gu, '-').replaceAll(/^-+|-+$/g, ''))
    .filter(Boolean)
    .join('_')
  return `${name.slice(0, 120)}.${extension}`
}
