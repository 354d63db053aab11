import { plural } from '~/texts/texts'
import type { ImportTexts } from './texts'

const de: ImportTexts = {
  title: 'Links importieren',
  about:
    'Eine CSV-Datei mit bis zu 10.000 Zeilen. Die erste Zeile nennt die Spalten; nur das Ziel muss dabei sein. Dateien von Short.io, Bitly und anderen und was „Exportieren“ schreibt, werden gelesen, wie sie sind.',
  choose: 'Datei wählen',
  orDrop: 'oder hierher ziehen',
  paste: 'Oder eine Tabelle einfügen',
  existing: 'Wo ein Kürzel schon einen Link hat',
  policies: {
    skip: 'Jenen Link in Ruhe lassen',
    update: 'Jenen Link ändern',
    fail: 'Als Problem melden',
  },
  domain: 'Domain der Zeilen, die keine nennen',
  try: 'Ausprobieren',
  nothingYet: 'Nichts wird gespeichert, bevor Sie gesehen haben, was geschähe.',
  importThem: (n, shown) =>
    `${shown} ${plural(n, { one: 'Link', other: 'Links' }, 'de')} importieren`,
  stop: 'Anhalten',
  progress: 'Import',
  linesDone: (done, of) => `${done} von ${of} Zeilen`,
  found: (good, bad) => `${good} Links lassen sich importieren, ${bad} Zeilen haben ein Problem.`,
  imported: (good, bad) => `${good} Links importiert, ${bad} Zeilen haben ein Problem.`,
  toLinks: 'Zu den Links',
  wouldTitle: 'Was geschähe',
  didTitle: 'Was geschehen ist',
  would: {
    created: 'würden angelegt',
    updated: 'würden geändert',
    unchanged: 'sind schon genau so da',
    skipped: 'sind da und blieben, wie sie sind',
    failed: 'lassen sich nicht importieren',
  },
  did: {
    created: 'angelegt',
    updated: 'geändert',
    unchanged: 'waren schon genau so da',
    skipped: 'waren da und blieben, wie sie sind',
    failed: 'nicht importiert',
  },
  noLines: 'Unter der ersten Zeile steht keine weitere.',
  columns: 'Spalten:',
  ignored: headers => `Nicht bekannt und übergangen: ${headers}`,
  problems: n => `Probleme: ${n}`,
  line: 'Zeile',
  column: 'Spalte',
  problem: 'Was nicht stimmt',
  wholeLine: 'die Zeile',
  toLine: line => `Zur Zeile ${line}`,
  all: n => `Alle ${n} zeigen`,
  firstLines: (n, of) => `Die ersten ${n} von ${of} Zeilen ohne Problem`,
  becomes: 'Wird',
  address: 'Adresse',
  actions: {
    create: 'neu',
    update: 'geändert',
    skip: 'bleibt, wie er ist',
    none: 'ist schon so',
  },
}

export default de
