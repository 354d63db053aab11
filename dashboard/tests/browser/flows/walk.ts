/**
 * A walk over every page: both themes, a wide screen and a phone.
 *
 * None may write an error, ask another host, break the policy, have anything for axe, or be wider than
 * the screen.
 */
import type { Page } from 'playwright-core'
import { beforeAll, expect, test } from 'vitest'
import { axe } from '../browser'
import { PAGES } from '../pages'
import { type Seeded, seed } from '../seed'
import { settled } from '../settled'
import { openStage, type View } from '../stage'

const stage = openStage()
let seeded: Seeded

beforeAll(async () => {
  seeded = await seed(stage)
})

const VIEWS: [string, View][] = [
  ['light, wide', { theme: 'light', width: 1280 }],
  ['dark, phone', { theme: 'dark', width: 390, height: 844 }],
  ['dark, wide', { theme: 'dark', width: 1280 }],
  ['light, phone, in German', { theme: 'light', width: 390, height: 844, language: 'de' }],
]

for (const [name, view] of VIEWS) {
  test(`every page is in order: ${name}`, { timeout: 900_000 }, async () => {
    const page = await stage.page('/links', view)
    const found: string[] = []
    for (const { path } of PAGES) {
      await page.goto(stage.url(path(seeded)))
      await settled(page).catch(() => found.push(`${page.url()} goes on loading`))
      await axe(page).catch((error: Error) => found.push(error.message))
      const over = await tooWide(page)
      if (over) found.push(`${page.url()} is ${over} px wider than the screen`)
    }
    expect(found.join('\n\n')).toBe('')
  })
}

test('the pages before signing in are in order', async () => {
  for (const [, view] of VIEWS) {
    const page = await stage.page('/sign-in', { ...view, signedIn: false, expected: [/40[14]/] })
    for (const path of ['/sign-in', '/join?token=wi_nobody', '/setup/wi_nobody', '/nowhere']) {
      await page.goto(stage.url(path))
      await settled(page)
      await axe(page)
      expect(await tooWide(page)).toBe(0)
    }
  }
})

function tooWide(page: Page): Promise<number> {
  return page.evaluate(() => Math.max(0, document.documentElement.scrollWidth - innerWidth))
}
