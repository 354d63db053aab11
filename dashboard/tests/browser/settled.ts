/** When a page is there: its heading stands, nothing is loading, and nothing changes any more. */
import type { Page } from 'playwright-core'

export async function settled(page: Page) {
  await page.locator('h1').first().waitFor()
  // What is below the edge of the screen may wait until somebody scrolls there.
  await page.waitForFunction(() =>
    [
      ...document.querySelectorAll(
        '[aria-busy="true"], .mantine-Loader-root, .mantine-Skeleton-root',
      ),
    ].every(loading => {
      const { top, bottom, width } = loading.getBoundingClientRect()
      return width === 0 || innerHeight < top || bottom < 0
    }),
  )
  // A chart is drawn in the frames after its numbers came.
  await page.evaluate(
    () =>
      new Promise<void>(done => {
        const quiet = () => {
          observer.disconnect()
          done()
        }
        let timer = setTimeout(quiet, 150)
        const observer = new MutationObserver(() => {
          clearTimeout(timer)
          timer = setTimeout(quiet, 150)
        })
        observer.observe(document.body, { childList: true, subtree: true })
        // What never rests, such as a clock, is not waited for.
        setTimeout(quiet, 2_000)
      }),
  )
}
