/** How long the table of links takes with 100,000 of them: `scripts/dashboard.sh quick` prints it. */
import type { Page } from 'playwright-core'
import { beforeAll, expect, test } from 'vitest'
import { openStage } from './stage'

const LINKS = 100_000
const AT_ONCE = 1_000
const TRIES = 7

const stage = openStage()

beforeAll(async () => {
  for (let from = 0; from < LINKS; from += AT_ONCE) {
    const links = Array.from({ length: AT_ONCE }, (_, n) => ({
      slug: slug(from + n),
      destination: `https://example.com/${from + n}`,
      tags: [`tag-${(from + n) % 50}`],
    }))
    await stage.api('POST', '/api/v1/links/bulk', { links })
  }
}, 600_000)

test('the page is there, and answers, within a second', async () => {
  const loads: number[] = []
  for (let n = 0; n < TRIES; n++) {
    // A browser that was never here: it has nothing of the page yet.
    const page = await stage.page('/links')
    loads.push(await there(page, slug(LINKS - 1)))
    await page.context().close()
  }
  expect(told('opened by a browser that was never here', loads)).toBeLessThan(1_000)
})

test('so are a search, a sorting and a filter', async () => {
  const page = await stage.page('/links')
  await there(page, slug(LINKS - 1))
  const [searches, sortings, filters]: number[][] = [[], [], []]
  for (let n = 1; n <= TRIES; n++) {
    const wanted = slug(n * 11_111)
    await page.keyboard.press('/')
    await page.keyboard.type(wanted.slice(0, -1))
    searches?.push(await after(page, () => page.keyboard.type(wanted.slice(-1)), wanted))
    await page.goto(stage.url('/links'))
    await there(page, slug(LINKS - 1))
    const byLink = page.getByRole('button', { name: 'Link', exact: true })
    sortings?.push(await after(page, () => byLink.click(), slug(0)))
    await page.goto(stage.url(`/links`))
    await there(page, slug(LINKS - 1))
    // The last link of a tag comes first.
    const tag = page.getByRole('link', { name: `tag-${49 - n}`, exact: true }).first()
    filters?.push(await after(page, () => tag.click(), slug(LINKS - 1 - n)))
    await page.goto(stage.url('/links'))
    await there(page, slug(LINKS - 1))
  }
  for (const [what, took] of [
    ['searched, from the last key to the row', searches],
    ['sorted by slug', sortings],
    ['filtered by a tag', filters],
  ] as const) {
    expect(told(what, took ?? [])).toBeLessThan(1_000)
  }
})

function slug(n: number): string {
  return `l${String(n).padStart(5, '0')}`
}

/** Milliseconds from the beginning of a page until a link is its first row, drawn, and keys are heard. */
function there(page: Page, first: string): Promise<number> {
  return page.waitForFunction(isFirst, first, { polling: 'raf' }).then(() =>
    page.evaluate(
      () =>
        new Promise<number>(done => {
          requestAnimationFrame(() => setTimeout(() => done(performance.now())))
        }),
    ),
  )
}

/** Milliseconds from before something is done until a link is the first row; seen from outside. */
async function after(page: Page, act: () => Promise<void>, first: string): Promise<number> {
  const begun = await page.evaluate(() => performance.now())
  await act()
  return (await there(page, first)) - begun
}

function isFirst(first: string): boolean {
  return (
    document.querySelector('tbody tr:not([aria-hidden]) a')?.textContent?.endsWith(first) === true
  )
}

/** Prints the least, the middle and the most; resolves to the middle. */
function told(what: string, milliseconds: readonly number[]): number {
  const sorted = milliseconds.map(Math.round).sort((a, b) => a - b)
  const middle = sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
  console.log(`${what}: ${middle} ms (${sorted[0]} to ${sorted.at(-1)}, ${sorted.length} times)`)
  return middle
}
