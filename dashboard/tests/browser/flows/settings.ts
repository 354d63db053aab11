/** The settings do what they say: keys, domains, webhooks, tags; and ask before what is final. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import { axe } from '../browser'
import { openStage } from '../stage'

// The receiver of the webhook is on this machine, which the server asks only if it is told to.
const stage = openStage({ WAYPOST_FETCH_NETWORKS: '127.0.0.0/8' })

test('a key is made, shown once, works as far as it may, and is revoked', async () => {
  const page = await stage.page('/settings/keys')
  await page.getByRole('button', { name: 'New key' }).click()
  await page.getByLabel('Name').fill('Shop')
  await page.getByLabel('Change links').uncheck()
  await page.getByLabel('Valid').selectOption('30')
  await axe(page)
  await page.getByRole('button', { name: 'Make the key' }).click()
  const shown = await page.getByText(/^The key: wp_/).textContent()
  const key = shown?.match(/wp_\w+/)?.[0] ?? ''
  await page.getByText('curl http').waitFor()
  const asked = (method: string) =>
    fetch(`http://127.0.0.1:${stage.server.port}/api/v1/links`, {
      method,
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: method === 'POST' ? '{"destination":"https://example.com/"}' : undefined,
    })
  expect((await asked('GET')).status).toBe(200)
  expect((await asked('POST')).status).toBe(403)

  await page.reload()
  expect(await page.getByText(key).count()).toBe(0)
  const entry = page.getByRole('listitem').filter({ hasText: 'Shop' })
  await entry.getByRole('button', { name: 'Revoke' }).click()
  await page.getByRole('dialog', { name: 'Revoke “Shop”?' }).waitFor()
  await axe(page)
  await page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click()
  await page.getByText('“Shop” is revoked.').waitFor()
  expect((await asked('GET')).status).toBe(401)
})

test('a domain is added and changed; leaving with a change asks', async () => {
  const page = await stage.page('/settings/domains', { expected: [/422/] })
  await page.getByRole('button', { name: 'Add a domain' }).click()
  await page.getByRole('textbox', { name: 'Host' }).fill('go.example.com')
  await page.getByRole('button', { name: 'Add', exact: true }).click()
  await page.getByText('go.example.com is added.').waitFor()
  await page.getByRole('button', { name: 'Change: go.example.com' }).click()

  const root = page.getByLabel('The bare address')
  await root.fill('ftp://example.com')
  await page.getByRole('button', { name: 'Save' }).click()
  await page.locator('[role=alert], .mantine-InputWrapper-error').first().waitFor()
  await root.fill('https://example.com/home')
  await page.getByRole('link', { name: 'Members' }).click()
  const question = page.getByRole('dialog', { name: 'Leave without saving?' })
  await question.waitFor()
  await question.getByText('Stay').click()
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByText('go.example.com is saved.').waitFor()
  const domains = await stage.api('GET', '/api/v1/domains')
  const saved = domains.data.find((domain: { host: string }) => domain.host === 'go.example.com')
  expect(saved.rootUrl).toBe('https://example.com/home')
})

test('a webhook is made, tested, told, and told again', async () => {
  const received: string[] = []
  const receiver = createServer((request, answer) => {
    let body = ''
    request.on('data', chunk => {
      body += chunk
    })
    request.on('end', () => {
      received.push(JSON.parse(body).type)
      answer.end()
    })
  })
  await new Promise<void>(done => receiver.listen(0, '127.0.0.1', done))
  const { port } = receiver.address() as AddressInfo
  try {
    const page = await stage.page('/settings/webhooks')
    await page.getByText('No webhooks yet').waitFor()
    await page.getByRole('button', { name: 'New webhook' }).click()
    await page.getByLabel('Address').fill(`http://127.0.0.1:${port}/hook`)
    await page.getByRole('button', { name: 'Make the webhook' }).click()
    await page.getByText(/whsec_/).waitFor()
    await axe(page)
    await page.getByRole('button', { name: 'Done' }).click()
    await page.getByRole('button', { name: /^Test / }).click()
    await page.getByText('The test arrived: 200.').waitFor()

    await stage.api('POST', '/api/v1/links', { slug: 'told', destination: 'https://example.com/' })
    await page.getByRole('button', { name: /^Messages to / }).click()
    const message = page.getByRole('listitem').filter({ hasText: 'a link was made' }).last()
    await message.getByText('arrived').waitFor()
    await message.getByRole('button', { name: 'What was sent' }).click()
    await message.getByText('"slug": "told"').waitFor()
    await message.getByText('webhook-id').waitFor()
    await axe(page)
    await message.getByRole('button', { name: 'Send again' }).click()
    await page.getByText('It is sent again.').waitFor()
    await expect.poll(() => received.filter(type => type === 'link.created').length).toBe(2)
  } finally {
    receiver.close()
    receiver.closeAllConnections()
  }
})

test('a tag is renamed, and that is taken back', async () => {
  await stage.api('POST', '/api/v1/links', {
    slug: 'tagged',
    destination: 'https://example.com/',
    tags: ['mail'],
  })
  const page = await stage.page('/settings/tags')
  await page.getByRole('button', { name: 'Rename mail' }).click()
  await page.getByLabel('New name').fill('newsletter')
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByText('mail is now newsletter.').waitFor()
  await page.keyboard.press('Control+z')
  await page.getByText('newsletter is now mail.').waitFor()
})

test('theme and language are chosen, and stay', async () => {
  const page = await stage.page('/settings/appearance')
  await page.getByText('Dark', { exact: true }).click()
  await page.getByLabel('Deutsch').click()
  await page.getByRole('heading', { name: 'Darstellung', level: 1 }).waitFor()
  await page.reload()
  await page.getByRole('heading', { name: 'Darstellung', level: 1 }).waitFor()
  const html = page.locator('html')
  expect(await html.getAttribute('data-mantine-color-scheme')).toBe('dark')
  expect(await html.getAttribute('lang')).toBe('de')
})
