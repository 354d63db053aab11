/** The first start: the link of the terminal, an account, and in; then out and in again. */
import { expect, test } from 'vitest'
import { axe } from '../browser'
import { OWNER, openStage } from '../stage'

const stage = openStage()

test('the link that the terminal prints makes the first account', async () => {
  const page = await stage.page(`/setup/${stage.server.setup}`, { signedIn: false })
  await page.getByRole('heading', { name: 'Make the first account' }).waitFor()
  await axe(page)
  await page.getByLabel('Name').fill(OWNER.name)
  const password = page.getByRole('textbox', { name: 'Password' })
  await password.fill('short')
  await page.getByText('5 characters more').waitFor()
  await password.fill(OWNER.password)
  await page.getByText('Long enough.').waitFor()
  await page.getByRole('button', { name: 'Make the account' }).click()
  await page.waitForURL('**/app/welcome')
  await page.goto(stage.url('/settings/you'))
  await page.getByText(OWNER.name, { exact: true }).waitFor()
})

test('the link is good once', async () => {
  const page = await stage.page(`/setup/${stage.server.setup}`, {
    signedIn: false,
    expected: [/404/],
  })
  await page.getByRole('heading', { name: 'This link is no longer good' }).waitFor()
  await axe(page)
})

test('whoever is not signed in is asked to, and goes on to where they were headed', async () => {
  const page = await stage.page('/settings/domains', { signedIn: false, expected: [/401/] })
  await page.waitForURL(/\/app\/sign-in\?next=/)
  await page.getByLabel('E-mail address or name').fill('ann')
  const password = page.getByRole('textbox', { name: 'Password' })
  await password.fill('not her password')
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await page.getByText('No member has this name and this password.').waitFor()
  await axe(page)
  await password.fill(OWNER.password)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await page.getByRole('heading', { name: 'Domains', level: 1 }).waitFor()
})

test('signing out ends the session, for the pages that are open as well', async () => {
  const page = await stage.page('/settings/you', { expected: [/401/] })
  await page.getByRole('button', { name: 'Sign out' }).click()
  await page.waitForURL(/\/app\/sign-in/)
  await page.goto(stage.url('/links'))
  await page.waitForURL(/\/app\/sign-in/)
  const answer = await page.request.get(`${stage.server.origin}/api/v1/me`)
  expect(answer.status()).toBe(401)
})
