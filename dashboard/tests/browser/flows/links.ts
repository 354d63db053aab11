/** Links in the table: made, found, changed together, deleted and brought back, imported. */
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { axe } from '../browser'
import { openStage } from '../stage'

const stage = openStage()
// A link without a draft is asked for one; Chromium calls that an error.
const expected = [/\/draft\)/]

test('a link is made in the drawer, its faults shown at their fields', async () => {
  await stage.api('POST', '/api/v1/links', { slug: 'taken', destination: 'https://example.com/' })
  const page = await stage.page('/links', { expected: [/422|409/, ...expected] })
  await page.getByRole('link', { name: 'New link' }).click()
  await page.waitForURL('**/links/new')
  const destination = page.getByRole('textbox', { name: 'Destination' })
  const slug = page.getByRole('textbox', { name: 'Slug' })
  await destination.fill('no address')
  await page.keyboard.press('Control+s')
  await page.getByText('Not saved yet').waitFor()
  expect(await destination.getAttribute('aria-invalid')).toBe('true')
  await axe(page)

  await destination.fill('https://example.com/autumn?a=1')
  await slug.fill('taken')
  await page.getByText('Free are').waitFor()
  await page
    .locator('label')
    .filter({ hasText: /^taken-2$/ })
    .click()
  expect(await slug.inputValue()).toBe('taken-2')
  await slug.fill('autumn')
  await page.getByText('UTM parameters').click()
  await page.getByRole('textbox', { name: 'Source' }).fill('mail')
  expect(await destination.inputValue()).toBe('https://example.com/autumn?a=1&utm_source=mail')
  await page.getByRole('button', { name: 'Make the link' }).click()
  await page.getByRole('heading', { name: 'Your link is ready' }).waitFor()
  const answer = await stage.click('autumn')
  expect(answer.location).toBe('https://example.com/autumn?a=1&utm_source=mail')
})

test('what is not saved is not lost by leaving', async () => {
  const page = await stage.page('/links/new')
  await page.getByRole('textbox', { name: 'Destination' }).fill('https://example.com/half')
  await page.keyboard.press('Escape')
  await page.getByText('Leave without saving?').waitFor()
  await page.getByRole('button', { name: 'Stay' }).click()
  expect(await page.getByRole('textbox', { name: 'Destination' }).inputValue()).toBe(
    'https://example.com/half',
  )
})

test('an edit on top of somebody else’s shows both versions', async () => {
  const link = await stage.api('POST', '/api/v1/links', {
    slug: 'both',
    destination: 'https://example.com/both',
  })
  const page = await stage.page(`/links/${link.id}/edit`, { expected: [/412/] })
  await page.getByRole('textbox', { name: 'Title' }).fill('Mine')
  await stage.api('PATCH', `/api/v1/links/${link.id}`, { description: 'Theirs' })
  await page.keyboard.press('Control+s')
  await page.getByText('Somebody else saved this link').waitFor()
  await page.getByRole('cell', { name: 'Theirs', exact: true }).waitFor()
  await axe(page)
  await page.getByRole('button', { name: 'Save mine over it' }).click()
  await page.waitForURL('**/links')
  const saved = await stage.api('GET', `/api/v1/links/${link.id}`)
  expect([saved.title, saved.description]).toEqual(['Mine', 'Theirs'])
})

test('pixels, parameters and whom it redirects are set on a link’s own page', async () => {
  const pixel = await stage.api('POST', '/api/v1/pixels', {
    name: 'Shop',
    kind: 'googleAnalytics',
    code: 'G-AB12CD34EF',
  })
  const link = await stage.api('POST', '/api/v1/links', {
    slug: 'measured',
    destination: 'https://example.com/measured',
  })
  const page = await stage.page(`/links/${link.id}/settings`, { expected })
  await page.getByText('Pixels', { exact: true }).first().click()
  await page.getByRole('combobox', { name: 'Pixels' }).press('ArrowDown')
  await page.getByRole('option', { name: 'Shop' }).click()
  await page.keyboard.press('Escape')
  await page.getByText('How it answers').click()
  const parameters = page.getByRole('textbox', { name: 'Parameters of its own' })
  await parameters.fill('ref=mail\nnothing')
  await page.getByLabel('Whom it redirects').selectOption('ruleOnly')
  await page.getByText('When it works').click()
  await page.getByLabel('Delete it').fill('2035-01-01T12:00')
  await page.keyboard.press('Control+s')
  await page.getByText('line 2 is not name=value').first().waitFor()
  await axe(page)
  await parameters.fill('ref=mail')
  await page.keyboard.press('Control+s')
  await page.getByText('Saved measured.').waitFor()
  expect(await stage.api('GET', `/api/v1/links/${link.id}`)).toMatchObject({
    pixels: [pixel.id],
    parameters: { ref: 'mail' },
    redirectBehavior: 'ruleOnly',
    deleteAt: '2035-01-01T11:00:00.000Z',
  })
})

test('links are chosen by key, changed together, deleted, and brought back', async () => {
  const links = Array.from({ length: 12 }, (_, n) => ({
    slug: `bulk-${n}`,
    destination: `https://example.com/${n}`,
    tags: ['bulk'],
  }))
  await stage.api('POST', '/api/v1/links/bulk', { links })
  const page = await stage.page('/links?tag=bulk&sort=slug')
  await page.getByRole('link', { name: /bulk-0$/ }).waitFor()
  for (const key of ['j', 'x', 'j', 'x']) await page.keyboard.press(key)
  const bar = page.getByRole('region', { name: '2 links selected' })
  await bar.waitFor()
  await axe(page)

  await bar.getByRole('button', { name: 'Disable' }).click()
  await page.getByText('Disabled 2 links.', { exact: false }).waitFor()
  expect((await stage.click('bulk-0')).status).toBe(404)
  await page.keyboard.press('Control+z')
  await page.getByText('Undone.').waitFor()
  expect((await stage.click('bulk-0')).status).toBe(302)

  await bar.getByRole('button', { name: 'Tag…' }).click()
  await page.getByRole('dialog').getByLabel('Tags').first().fill('both')
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: 'Add', exact: true }).click()
  await page.getByText('Tagged 2 links with both.').waitFor()
  const tagged = await stage.api('GET', '/api/v1/links?tag=both')
  expect(tagged.data).toHaveLength(2)

  await bar.getByRole('button', { name: 'Delete' }).click()
  await page.getByText('Deleted 2 links.').waitFor()
  await page.getByRole('link', { name: /bulk-0$/ }).waitFor({ state: 'detached' })
  await page.keyboard.press('Control+z')
  await page.getByText('Brought 2 links back.').waitFor()
  await page.getByRole('link', { name: /bulk-0$/ }).waitFor()
  expect((await stage.click('bulk-1')).status).toBe(302)
})

test('the table’s question stands in the address, and the file is named by it', async () => {
  const page = await stage.page('/links')
  await page.getByRole('link', { name: /bulk-1$/ }).waitFor()
  await page.keyboard.press('/')
  await page.keyboard.type('bulk-1')
  await page.waitForURL(/links\?q=bulk-1$/)
  await page.getByRole('link', { name: /bulk-11$/ }).waitFor()
  await page.getByRole('button', { name: 'Link', exact: true }).click()
  await page.waitForURL(/q=bulk-1&sort=slug$/)
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Export' }).click(),
  ])
  expect(download.suggestedFilename()).toMatch(/^links bulk-1 \d{4}-\d\d-\d\d\.csv$/)
  const file = readFileSync(await download.path(), 'utf8')
  expect(file.split('\n').filter(line => line.includes('bulk-1'))).toHaveLength(3)
})

test('a thousand links are tried, then imported', async () => {
  const lines = Array.from({ length: 1000 }, (_, n) => `many-${n},https://example.com/${n},many`)
  lines[499] = 'many-499,no address,many'
  const page = await stage.page('/import')
  await page.locator('input[type=file]').setInputFiles({
    name: 'links.csv',
    mimeType: 'text/csv',
    buffer: Buffer.from(['Back-half,Long URL,Tags', ...lines].join('\n')),
  })
  await page.getByRole('button', { name: 'Try it' }).click()
  await page.getByRole('heading', { name: 'What would happen' }).waitFor()
  await page.getByRole('button', { name: 'Go to line 501' }).waitFor()
  await axe(page)
  expect((await stage.api('GET', '/api/v1/links?tag=many')).data).toHaveLength(0)

  await page.getByRole('button', { name: 'Import 999 links' }).click()
  await page.getByRole('heading', { name: 'What happened' }).waitFor({ timeout: 60_000 })
  await page.getByRole('button', { name: 'Go to line 501' }).waitFor()
  const { total } = await stage.api('GET', '/api/v1/links?tag=many&total=true')
  expect(total).toBe(999)
})

test('a first link comes with its code, and a first rule is made of two words', async () => {
  const page = await stage.page('/welcome', { theme: 'dark', width: 390, expected })
  await page.getByRole('textbox', { name: 'Paste a long address' }).fill('example.com/long')
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'Your link is ready' }).waitFor()
  await page.getByRole('combobox', { name: 'From where' }).selectOption('DE')
  await page.getByRole('textbox', { name: 'Where to send them' }).fill('https://apps.example.com/')
  await page.getByRole('button', { name: 'Make the rule' }).click()
  await page.getByText('iPhone users in Germany go to apps.example.com/').waitFor()
  await axe(page)
  const { data } = await stage.api('GET', '/api/v1/links?search=example.com/long')
  const visit = { agent: 'iphone', address: 'DE' } as const
  expect((await stage.click(data[0].slug, visit)).location).toBe('https://apps.example.com/')
  expect((await stage.click(data[0].slug)).location).toBe('https://example.com/long')
})
