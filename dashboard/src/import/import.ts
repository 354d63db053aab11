/** Links from a table: what the server says of a file, before and after it takes it. */
import { got } from '~/api/client'

export type Existing = 'skip' | 'update' | 'fail'

export interface Outcome {
  dryRun: boolean
  created: number
  updated: number
  unchanged: number
  skipped: number
  failed: number
  /** What each column was taken for; null where it means nothing here. */
  columns: { header: string; key: string | null }[]
  /** Lines count from 1, with the line of the headers. */
  problems: LineProblem[]
  lines: Line[]
}

export interface LineProblem {
  line: number
  column: string | null
  detail: string
}

export interface Line {
  line: number
  action: 'create' | 'update' | 'skip' | 'none'
  link: string | null
  shortUrl: string | null
}

export interface Choices {
  existing: Existing
  domain: string
}

/** Lines of one call while it is imported, so that there is progress to show. */
const AT_ONCE = 500

/** Says what would become of each line; nothing is saved. */
export function tryImport(file: string, choices: Choices, signal?: AbortSignal): Promise<Outcome> {
  return send(file, choices, true, signal)
}

/**
 * Imports in parts, each with the header line; `onProgress` is told after each how many lines are
 * done. Stops between two parts where `signal` says so: what was imported stays.
 */
export async function importLines(
  file: string,
  choices: Choices,
  onProgress: (done: number, of: number) => void,
  signal?: AbortSignal,
): Promise<Outcome> {
  const [header = '', ...records] = recordsOf(file)
  let all: Outcome | undefined
  // The line on which the next part begins, for records may have several.
  let at = 1 + lineBreaks(header)
  for (let from = 0; from < records.length; from += AT_ONCE) {
    if (signal?.aborted) break
    const part = records.slice(from, from + AT_ONCE)
    const outcome = await send([header, ...part].join('\n'), choices, false, signal)
    const shift = at - 1 - lineBreaks(header)
    all = joined(all, outcome, shift)
    at += part.reduce((sum, record) => sum + 1 + lineBreaks(record), 0)
    onProgress(Math.min(from + AT_ONCE, records.length), records.length)
  }
  return all ?? send(file, choices, false, signal)
}

/** The outcome of two parts as one, the lines of the second counted as in the whole file. */
export function joined(before: Outcome | undefined, part: Outcome, shift: number): Outcome {
  const moved = <T extends { line: number }>(things: T[]) =>
    things.map(thing => ({ ...thing, line: thing.line + shift }))
  return {
    ...part,
    created: (before?.created ?? 0) + part.created,
    updated: (before?.updated ?? 0) + part.updated,
    unchanged: (before?.unchanged ?? 0) + part.unchanged,
    skipped: (before?.skipped ?? 0) + part.skipped,
    failed: (before?.failed ?? 0) + part.failed,
    problems: [...(before?.problems ?? []), ...moved(part.problems)],
    lines: [...(before?.lines ?? []), ...moved(part.lines)],
  }
}

/** A table's records as they are written: a line break within quotes ends none; empty ones are kept. */
export function recordsOf(file: string): string[] {
  const records: string[] = []
  let from = 0
  let isQuoted = false
  for (let at = 0; at < file.length; at++) {
    const character = file[at]
    if (character === '"') isQuoted = !isQuoted
    else if (character === '\n' && !isQuoted) {
      records.push(file.slice(from, at).replace(/\r$/, ''))
      from = at + 1
    }
  }
  if (from < file.length) records.push(file.slice(from).replace(/\r$/, ''))
  return records
}

function lineBreaks(record: string): number {
  return record.split('\n').length - 1
}

function send(
  file: string,
  { existing, domain }: Choices,
  isDry: boolean,
  signal?: AbortSignal,
): Promise<Outcome> {
  const query = new URLSearchParams({ dryRun: String(isDry), existing, ...(domain && { domain }) })
  return got<Outcome>(
    fetch(`/api/v1/links/import?${query}`, {
      method: 'POST',
      headers: { 'Content-Type': 'text/csv' },
      body: file,
      signal,
    }).then(async response => {
      const body = await response.json().catch(() => null)
      return response.ok ? { response, data: body } : { response, error: body }
    }),
  )
}
