// Holds the first load to its budget: script, as Brotli, of the entry, the shell and the first page.
import { readFileSync, statSync } from 'node:fs'

const BUDGET = 170_000
const dist = new URL('../dist/', import.meta.url)
const manifest = JSON.parse(readFileSync(new URL('manifest.json', dist), 'utf8'))

/** What a browser loads for an entry: itself and all that it imports at once. */
function files(name, seen = new Set()) {
  if (seen.has(name)) return seen
  seen.add(name)
  for (const next of manifest[name].imports ?? []) files(next, seen)
  return seen
}

const first = new Set([...files('index.html'), ...files('src/links/LinksPage.tsx')])
const size = name => statSync(new URL(`${manifest[name].file}.br`, dist)).size
const total = [...first].reduce((sum, name) => sum + size(name), 0)
console.log(`first load: ${(total / 1000).toFixed(1)} kB of script as Brotli, of ${BUDGET / 1000}`)
if (BUDGET < total) {
  for (const name of first) console.error(`  ${(size(name) / 1000).toFixed(1)} kB ${name}`)
  process.exit(1)
}
