import { defineTexts, plural } from '~/texts/texts'
import type { Existing, Line } from './import'

const en = {
  title: 'Import links',
  about:
    'A CSV file, up to 10,000 lines. The first line names the columns; only the destination is required. Files of Short.io, Bitly and others, and what Export makes, are read as they are.',
  choose: 'Choose a file',
  orDrop: 'or drop one here',
  paste: 'Or paste a table',
  existing: 'Where a slug has a link already',
  policies: {
    skip: 'Leave that link alone',
    update: 'Change that link',
    fail: 'Call it a problem',
  } as Record<Existing, string>,
  domain: 'Domain of lines that name none',
  try: 'Try it',
  nothingYet: 'Nothing is saved before you have seen what would happen.',
  importThem: (n: number, shown: string) =>
    `Import ${shown} ${plural(n, { one: 'link', other: 'links' })}`,
  stop: 'Stop',
  progress: 'Import',
  linesDone: (done: string, of: string) => `${done} of ${of} lines`,
  found: (good: number, bad: number) =>
    `${good} links can be imported, ${bad} lines have a problem.`,
  imported: (good: number, bad: number) => `${good} links imported, ${bad} lines have a problem.`,
  toLinks: 'To the links',
  wouldTitle: 'What would happen',
  didTitle: 'What happened',
  would: {
    created: 'would be created',
    updated: 'would be changed',
    unchanged: 'are there and the same',
    skipped: 'are there and would be left alone',
    failed: 'cannot be imported',
  },
  did: {
    created: 'created',
    updated: 'changed',
    unchanged: 'were there and the same',
    skipped: 'were there and left alone',
    failed: 'not imported',
  },
  noLines: 'There is no line below the first.',
  columns: 'Columns:',
  ignored: (headers: string) => `Not known, and ignored: ${headers}`,
  problems: (n: string) => `Problems: ${n}`,
  line: 'Line',
  column: 'Column',
  problem: 'What is wrong',
  wholeLine: 'the line',
  toLine: (line: number) => `Go to line ${line}`,
  all: (n: string) => `Show all ${n}`,
  firstLines: (n: string, of: string) => `The first ${n} of ${of} lines without a problem`,
  becomes: 'Becomes',
  address: 'Address',
  actions: {
    create: 'new',
    update: 'changed',
    skip: 'left alone',
    none: 'the same already',
  } as Record<Line['action'], string>,
}

export type ImportTexts = typeof en
export const importTexts = defineTexts<ImportTexts>(en, { de: () => import('./texts.de') })
