/** Coming in by OpenID Connect: an issuer that the server's settings name vouches for somebody. */
import type { Page } from 'playwright-core'
import { afterAll, expect, test } from 'vitest'
import { axe } from '../browser'
import { CLIENT, startIssuer } from '../issuer'
import { openStage } from '../stage'

const issuer = await startIssuer()
const stage = openStage({
  WAYPOST_OIDC_ISSUER: issuer.url,
  WAYPOST_OIDC_CLIENT_ID: CLIENT.id,
  WAYPOST_OIDC_CLIENT_SECRET: CLIENT.secret,
  WAYPOST_OIDC_NAME: 'The works',
  WAYPOST_OIDC_JOIN: 'viewer',
  WAYPOST_FETCH_NETWORKS: '127.0.0.1',
})
afterAll(() => issuer.close())

/** The issuer's own page is another host's, on purpose. */
const expected = [/401/, new RegExp(`another host: ${issuer.url}`)]

async function vouchedFor(page: Page, email: string) {
  await page.getByRole('link', { name: 'Sign in with The works' }).click()
  await page.getByLabel('Address').fill(email)
}

test('whom the issuer vouches for is in, as the settings say', async () => {
  // The first member comes by the terminal's link, whoever else vouches for people.
  await stage.page('/links')
  const page = await stage.page('/sign-in', { signedIn: false, expected })
  await page.getByRole('link', { name: 'Sign in with The works' }).waitFor()
  await axe(page)
  await vouchedFor(page, 'bea@example.com')
  await page.getByRole('button', { name: 'It is me' }).click()
  await page.getByRole('navigation', { name: 'Pages' }).waitFor()
  // A viewer sees, and makes nothing.
  await page.getByRole('heading', { name: 'Links', level: 1 }).waitFor()
  expect(await page.getByRole('link', { name: 'New link' }).count()).toBe(0)
  await page.goto(stage.url('/settings/you'))
  await page.getByText('bea@example.com').first().waitFor()
  await page
    .getByText(/Viewer/)
    .first()
    .waitFor()

  const members = await stage.page('/settings/members')
  await members.getByText('bea@example.com').first().waitFor()
})

test('whoever had asked for a page goes on to it', async () => {
  const page = await stage.page('/stats?period=30d&device!=desktop', { signedIn: false, expected })
  await vouchedFor(page, 'bea@example.com')
  await page.getByRole('button', { name: 'It is me' }).click()
  await page.getByRole('heading', { name: 'Statistics', level: 1 }).waitFor()
  const { pathname, searchParams } = new URL(page.url())
  expect(pathname).toBe('/app/stats')
  expect(searchParams.get('period')).toBe('30d')
  expect(searchParams.get('device!')).toBe('desktop')
})

test('an address that the issuer has not verified lets nobody in', async () => {
  const page = await stage.page('/sign-in', {
    signedIn: false,
    expected: [...expected, /40[13]|422/],
  })
  await vouchedFor(page, 'mallory@example.com')
  await page.getByLabel('It is theirs').uncheck()
  await page.getByRole('button', { name: 'It is me' }).click()
  await page.getByRole('link', { name: 'To the sign-in page' }).waitFor()
  await axe(page)
})
