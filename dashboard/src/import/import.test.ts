import { expect, test } from 'vitest'
import { joined, type Outcome, recordsOf } from './import'

test('a line break within quotes ends no record', () => {
  expect(recordsOf('slug,title\r\na,"one\ntwo"\nb,"say ""x"""\n')).toEqual([
    'slug,title',
    'a,"one\ntwo"',
    'b,"say ""x"""',
  ])
})

test('an empty line is a record, for lines are counted', () => {
  expect(recordsOf('slug\n\na')).toEqual(['slug', '', 'a'])
})

test('lines of a later part count as in the whole file', () => {
  const part = (line: number): Outcome => ({
    dryRun: false,
    created: 1,
    updated: 0,
    unchanged: 0,
    skipped: 0,
    failed: 1,
    columns: [],
    problems: [{ line, column: 'slug', detail: 'is taken' }],
    lines: [{ line: line + 1, action: 'create', link: 'lnk_1', shortUrl: null }],
  })
  const all = joined(part(2), part(2), 500)
  expect(all.created).toBe(2)
  expect(all.problems.map(({ line }) => line)).toEqual([2, 502])
  expect(all.lines.map(({ line }) => line)).toEqual([3, 503])
})
