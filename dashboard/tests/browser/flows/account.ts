/** What keeps an account safe: codes, passkeys, sessions; and how others come in. */
import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { axe } from '../browser'
import { OWNER, openStage } from '../stage'
import { codeOf } from '../totp'

const stage = openStage()

async function signIn(page: Page) {
  await page.getByLabel('E-mail address or name').fill(OWNER.name)
  await page.getByRole('textbox', { name: 'Password' }).fill(OWNER.password)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
}

test('a passkey is added, and signs in', async () => {
  const page = await stage.page('/settings/you', { expected: [/401/] })
  const devtools = await page.context().newCDPSession(page)
  await devtools.send('WebAuthn.enable')
  await devtools.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  })
  await page.getByRole('button', { name: 'Add a passkey' }).click()
  await page.getByLabel('What you call it').fill('Laptop')
  await page.getByRole('button', { name: 'Add a passkey' }).click()
  await page.getByText('The passkey “Laptop” is added.').waitFor()
  await page.getByRole('button', { name: 'Sign out' }).click()
  await page.getByRole('button', { name: 'Sign in with a passkey' }).click()
  await page.getByRole('navigation', { name: 'Pages' }).waitFor()
})

test('somebody is invited, joins, and sees what an editor sees', async () => {
  const page = await stage.page('/settings/members')
  await page.getByRole('button', { name: 'Invite somebody' }).click()
  await page.getByLabel('For whom').fill('Bea')
  await page.getByRole('button', { name: 'Make the link' }).click()
  const link = page.getByText(/\/app\/join\?token=wi_/)
  await link.waitFor()
  await axe(page)
  const address = /http\S+/.exec((await link.textContent()) ?? '')?.[0] ?? ''

  const hers = await stage.page(address.slice(stage.url('').length), { signedIn: false })
  await hers.getByText('You are invited as an editor').waitFor()
  await hers.getByLabel('Name').fill('Bea')
  await hers.getByRole('textbox', { name: 'Password' }).fill('a password of her own')
  await hers.getByRole('button', { name: 'Make the account' }).click()
  await hers.getByRole('navigation', { name: 'Pages' }).waitFor()
  await hers.goto(stage.url('/settings/tags'))
  await hers.getByRole('link', { name: 'Webhooks' }).waitFor()
  expect(await hers.getByRole('link', { name: 'API keys' }).count()).toBe(0)

  await page.reload()
  const role = page.getByLabel('Role of Bea')
  await role.selectOption('viewer')
  await page.getByText('Bea is now Viewer.').waitFor()
  await page.getByRole('button', { name: 'Undo' }).click()
  await page.getByText('Bea is now Editor.').waitFor()
})

test('another session is ended from here', async () => {
  const elsewhere = await stage.page('/sign-in', { signedIn: false, expected: [/401/] })
  await signIn(elsewhere)
  await elsewhere.getByRole('navigation', { name: 'Pages' }).waitFor()
  const page = await stage.page('/settings/you')
  const sessions = page.getByRole('list', { name: 'Where you are signed in' })
  await sessions.getByText('this one').waitFor()
  await page.getByRole('button', { name: 'End all others' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'End all others' }).click()
  await page.getByText('You are signed out everywhere else.').waitFor()
  await elsewhere.goto(stage.url('/links'))
  await elsewhere.waitForURL(/\/app\/sign-in/)
})

test('codes of an app are asked for once they are on', async () => {
  const page = await stage.page('/settings/you', { expected: [/401/] })
  const codes = page.locator('section', { hasText: 'Codes from an app' })
  await codes.getByRole('button', { name: 'Turn on' }).click()
  await codes.getByLabel('Your password').fill(OWNER.password)
  await codes.getByRole('button', { name: 'Go on' }).click()
  const told = await codes.locator('code').first().textContent()
  const secret = /[A-Z2-7]{16,}/.exec(told ?? '')?.[0] ?? ''
  await axe(page)
  await codes.getByLabel('Then enter the code').fill(codeOf(secret))
  await codes.getByRole('button', { name: 'Confirm' }).click()
  const recovery = codes.getByRole('list', { name: 'Recovery codes' })
  await recovery.waitFor()
  await axe(page)
  const [first] = await recovery.getByRole('listitem').allTextContents()
  await codes.getByRole('button', { name: 'Done' }).click()
  await codes.getByText('On: signing in asks for a code.').waitFor()

  await page.getByRole('button', { name: 'Sign out' }).click()
  await signIn(page)
  await page.getByRole('heading', { name: 'Enter your code' }).waitFor()
  await axe(page)
  await page.getByRole('textbox', { name: 'Code' }).fill('000000')
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByText('This code is not the current one').waitFor()
  await page.getByRole('textbox', { name: 'Code' }).fill(first ?? '')
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('navigation', { name: 'Pages' }).waitFor()
})
