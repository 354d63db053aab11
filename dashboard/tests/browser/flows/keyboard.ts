/** Signing in and getting around without a mouse. */
import { expect, test } from 'vitest'
import { axe } from '../browser'
import { OWNER, openStage } from '../stage'

const stage = openStage()

test('the keyboard alone signs in, finds a page, reads the keys, and goes back', async () => {
  // Somebody has to be a member first.
  await stage.page('/links')
  const page = await stage.page('/sign-in', { signedIn: false, expected: [/401/] })
  const keys = page.keyboard
  await page.getByLabel('E-mail address or name').waitFor()
  await keys.type(OWNER.name)
  await keys.press('Tab')
  await keys.type(OWNER.password)
  await keys.press('Enter')
  await page.waitForURL('**/app/links*')
  await page.getByRole('navigation', { name: 'Pages' }).waitFor()

  await keys.press('Control+k')
  const palette = page.getByRole('combobox', { name: 'Find a link or do something' })
  await palette.waitFor()
  await axe(page)
  await keys.type('statist')
  await keys.press('Enter')
  await page.waitForURL('**/app/stats*')

  await keys.press('?')
  await page.getByRole('dialog', { name: 'Keys' }).waitFor()
  await axe(page)
  await keys.press('Escape')
  await page.getByRole('dialog', { name: 'Keys' }).waitFor({ state: 'detached' })

  await keys.press('g')
  await keys.press('e')
  await page.waitForURL('**/app/settings*')

  // The skip link comes first and leads past the rail.
  await page.reload()
  await page.getByRole('heading', { level: 1 }).first().waitFor()
  await keys.press('Tab')
  const focused = () => page.evaluate(() => document.activeElement?.textContent)
  expect(await focused()).toBe('Skip to content')
  await keys.press('Enter')
  expect(await page.evaluate(() => document.activeElement?.id)).toBe('content')
})

test('single keys can be turned off, and stay off', async () => {
  const page = await stage.page('/settings/appearance')
  await page.getByRole('switch', { name: 'Single keys do something' }).focus()
  await page.keyboard.press('Space')
  await page.reload()
  await page.getByRole('heading', { name: 'Appearance', level: 1 }).waitFor()
  await page.keyboard.press('g')
  await page.keyboard.press('l')
  await page.keyboard.press('Control+k')
  await page.getByRole('combobox', { name: 'Find a link or do something' }).waitFor()
  expect(new URL(page.url()).pathname).toBe('/app/settings/appearance')
})
