/** A picture of every page in both themes, into `screenshots/`: `npm run screenshots`. */
import { mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { PAGES } from './pages'
import { fewerColours } from './png'
import { seed } from './seed'
import { settled } from './settled'
import { openStage } from './stage'

const stage = openStage()
const folder = fileURLToPath(new URL('../../screenshots', import.meta.url))
const LARGEST_BYTES = 4_000_000

test('every page has its picture taken', { timeout: 1_800_000 }, async () => {
  const seeded = await seed(stage, 400)
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  for (const theme of ['light', 'dark'] as const) {
    const page = await stage.page('/links', { theme })
    for (const { name, path } of PAGES) {
      await page.goto(stage.url(path(seeded)))
      await settled(page)
      const picture = await page.screenshot({ animations: 'disabled', caret: 'hide' })
      writeFileSync(join(folder, `${name}-${theme}.png`), fewerColours(picture))
    }
    const door = await stage.page('/sign-in', { theme, signedIn: false })
    await settled(door)
    writeFileSync(join(folder, `sign-in-${theme}.png`), fewerColours(await door.screenshot()))
  }
  const sizes = readdirSync(folder).map(name => statSync(join(folder, name)).size)
  const total = sizes.reduce((sum, size) => sum + size, 0)
  console.log(`${sizes.length} pictures, ${Math.round(total / 1000)} kB`)
  expect(total).toBeLessThan(LARGEST_BYTES)
})
