import { expect, test, vi } from 'vitest'

// Texts ask the browser which language is wanted.
vi.stubGlobal('navigator', { languages: ['en'] })
vi.stubGlobal('document', { documentElement: {} })

type Module = Record<string, { en: object; load: { de: () => Promise<{ default: object }> } }>

const modules = import.meta.glob<Module>('../**/texts.ts')
const folders = Object.entries(modules).filter(([path]) => path !== './texts.ts')

test('there are texts', () => {
  expect(folders.length).toBeGreaterThan(20)
})

for (const [path, load] of folders) {
  test(`German says all that English says: ${path}`, async () => {
    for (const texts of Object.values(await load())) {
      const { default: german } = await texts.load.de()
      expect(shapeOf(german)).toEqual(shapeOf(texts.en))
      expect(empty(german)).toEqual([])
    }
  })
}

/** Words that another language may lack or have more of: a table whose keys are data. */
const TABLES = ['words', 'warnings', 'templates']

/** Every key with the kind of what stands there. */
function shapeOf(texts: unknown, at = ''): Record<string, string> {
  if (typeof texts !== 'object' || texts === null) return { [at]: typeof texts }
  return Object.assign(
    {},
    ...Object.entries(texts)
      .filter(([key]) => !TABLES.includes(key))
      .map(([key, value]) => shapeOf(value, `${at}.${key}`)),
  )
}

function empty(texts: unknown, at = ''): string[] {
  if (typeof texts === 'string') return texts.trim() ? [] : [at]
  if (typeof texts !== 'object' || texts === null) return []
  return Object.entries(texts).flatMap(([key, value]) => empty(value, `${at}.${key}`))
}
