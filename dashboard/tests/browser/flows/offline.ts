/** What goes wrong at the server's end is told: it is away, or cannot write down what comes. */
import { expect, test } from 'vitest'
import { axe } from '../browser'
import { openStage } from '../stage'

const stage = openStage()
const GONE = [
  /ERR_CONNECTION|ERR_EMPTY_RESPONSE|Failed to load resource|Failed to fetch/,
  /the server cannot be reached/,
]

test('a page says that the server is gone, and goes on by itself when it is back', async () => {
  const page = await stage.page('/settings/tags', {
    expected: GONE,
  })
  await page.getByRole('heading', { name: 'Tags and folders', level: 1 }).waitFor()
  await stage.server.stop()
  await page.getByRole('link', { name: 'Pixels' }).click()
  await page.getByText('The server cannot be reached.').waitFor()
  await stage.server.start()
  await page.getByText('The server cannot be reached.').waitFor({ state: 'detached' })
  await page.getByText('No pixels yet').waitFor()
})

test('a change that cannot be saved is taken back, and that is said', async () => {
  await stage.api('POST', '/api/v1/links', { slug: 'kept', destination: 'https://example.com/' })
  const page = await stage.page('/links', { expected: GONE })
  const row = page.getByRole('row').filter({ hasText: 'kept' })
  await row.getByText('Active').waitFor()
  // The menu comes when somebody asks for it.
  await page.getByRole('button', { name: 'More for kept' }).click()
  await page.getByRole('menuitem', { name: 'Disable' }).waitFor()
  await stage.server.stop()
  await page.getByRole('menuitem', { name: 'Disable' }).click()
  await page.getByText('the server cannot be reached').first().waitFor()
  await row.getByText('Active').waitFor()
  await stage.server.start()
  await page.getByText('The server cannot be reached.').waitFor({ state: 'detached' })
  expect((await stage.api('GET', '/api/v1/links?search=kept')).data).toMatchObject([
    { slug: 'kept', enabled: true },
  ])
})

test('clicks that are lost are told on every page, and why', async () => {
  await stage.api('POST', '/api/v1/links', { slug: 'lost', destination: 'https://example.com/' })
  stage.server.letFilesGrow(false)
  const answer = await stage.click('lost')
  expect(answer.status).toBe(302)
  const page = await stage.page('/links')
  await page.getByText('Clicks cannot be written down right now').waitFor()
  await axe(page)

  stage.server.letFilesGrow(true)
  await expect
    .poll(async () => {
      // A click that is written down tells that it works again.
      await stage.click('lost')
      return (await stage.api('GET', '/api/v1/about')).clicks.failing
    })
    .toBe(false)
  await page.reload()
  await page.getByText(/since the start could not be written down/).waitFor()
  await page.getByRole('link', { name: 'Why, and what to do' }).click()
  await page.getByRole('heading', { name: 'What is kept', level: 1 }).waitFor()
  await axe(page)
})
