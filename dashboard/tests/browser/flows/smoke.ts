/** The harness itself: a server starts, a page of it is there. */
import { expect, test } from 'vitest'
import { openStage } from '../stage'

const stage = openStage()

test('a link can be made and clicked', async () => {
  const link = await stage.api('POST', '/api/v1/links', {
    slug: 'spring',
    destination: 'https://example.com/',
  })
  const answer = await stage.click('spring', { agent: 'iphone', address: 'DE' })
  expect(answer).toEqual({ status: 302, location: 'https://example.com/' })
  await stage.counted(link.id, 1)
})

test('the dashboard opens, and the rail is there', async () => {
  const page = await stage.page('/links')
  await page.getByRole('navigation', { name: 'Pages' }).waitFor()
})
