/** The server goes away, and comes back. */
import { test } from 'vitest'
import { openStage } from '../stage'

const stage = openStage()

test('a page says that the server is gone, and goes on by itself when it is back', async () => {
  const page = await stage.page('/settings/tags', {
    expected: [/ERR_CONNECTION|ERR_EMPTY_RESPONSE|Failed to load resource|Failed to fetch/],
  })
  await page.getByRole('heading', { name: 'Tags and folders', level: 1 }).waitFor()
  await stage.server.stop()
  await page.getByRole('link', { name: 'Pixels' }).click()
  await page.getByText('The server cannot be reached.').waitFor()
  await stage.server.start()
  await page.getByText('The server cannot be reached.').waitFor({ state: 'detached' })
  await page.getByText('No pixels yet').waitFor()
})
