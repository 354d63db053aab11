/** What if: a change is run over real clicks before any visitor sees it. */
import { expect, test } from 'vitest'
import { axe } from '../browser'
import { openStage } from '../stage'

const stage = openStage()

/** A link without a draft answers so, and Chromium calls that an error. */
const expected = [/404.*\/draft\)$/, /\/me\/preferences\)$/]

const rule = (name: string, country: string) => ({
  name,
  when: { field: 'country', operator: 'equals', value: country },
  action: { redirect: `https://example.com/${country.toLowerCase()}` },
})

const rules = [
  rule('Germany', 'DE'),
  {
    name: 'Testers',
    when: { field: 'header.x-app', operator: 'equals', value: 'beta' },
    action: { redirect: 'https://example.com/beta' },
  },
]

async function clicked(slug: string) {
  const link = await stage.api('POST', '/api/v1/links', {
    slug,
    destination: 'https://example.com/',
    rules,
  })
  for (const address of ['DE', 'DE', 'AT', 'AT', 'AT', 'US'] as const) {
    await stage.click(slug, { agent: 'iphone', address })
  }
  await stage.counted(link.id, 6)
  return link
}

test('a change is tried right here, kept as a draft, and published', async () => {
  const link = await clicked('quick')
  const page = await stage.page(`/links/${link.id}/what-if`, { expected })
  await page.getByRole('heading', { name: 'No draft to compare yet' }).waitFor()
  await axe(page)

  await page.getByPlaceholder('Name, code or a list').fill('AT')
  await page.keyboard.press('Enter')
  await page.getByLabel('to', { exact: true }).fill('https://example.com/vienna')
  await page.getByRole('button', { name: 'Try it' }).click()
  await page.getByRole('img', { name: '3 of 6 clicks (50%) would go elsewhere.' }).waitFor()
  await page.getByText('https://example.com/vienna').first().waitFor()

  await page.getByRole('button', { name: 'Save as draft' }).click()
  await page.getByRole('heading', { name: 'Draft against r1' }).waitFor()
  await page.getByText('Table', { exact: true }).click()
  await page
    .getByRole('row', { name: /Everyone else 1 Everyone in Austria 3 50% elsewhere/ })
    .waitFor()
  await axe(page)

  await page.getByRole('button', { name: 'Publish r2…' }).click()
  await page.getByRole('dialog').getByText('3 of 6 clicks').waitFor()
  await page.getByRole('button', { name: 'Publish', exact: true }).click()
  await page.getByText('r2 is live').waitFor()
  expect(await stage.click('quick', { agent: 'iphone', address: 'AT' })).toMatchObject({
    location: 'https://example.com/vienna',
  })
})

test('what was not kept is named, and its clicks are tried', async () => {
  const link = await clicked('unkept')
  // Whether a German was a tester, nobody ever asked.
  await stage.api('PUT', `/api/v1/links/${link.id}/draft`, { rules: [rules[1]] })
  const page = await stage.page(`/links/${link.id}/what-if`, { expected, theme: 'dark' })
  await page.getByText('not kept with clicks: Header x-app').waitFor()
  await page.getByText('Clicks that cannot be told').waitFor()
  await axe(page)
  await page
    .getByRole('link', { name: /^Try the click/ })
    .first()
    .click()
  await page.getByRole('heading', { name: 'Then, r1' }).waitFor()
  await page.waitForURL(/against=draft/)
})

test('a draft is thrown away and brought back', async () => {
  const link = await clicked('thrown')
  await stage.api('PUT', `/api/v1/links/${link.id}/draft`, { rules: [rule('Austria', 'AT')] })
  const page = await stage.page(`/links/${link.id}/what-if`, { expected, width: 390 })
  await page.getByRole('button', { name: 'Throw away' }).click()
  await page.getByRole('heading', { name: 'No draft to compare yet' }).waitFor()
  await page.getByRole('button', { name: 'Undo' }).click()
  await page.getByRole('heading', { name: 'Draft against r1' }).waitFor()
  const draft = await stage.api('GET', `/api/v1/links/${link.id}/draft`)
  expect(draft.rules).toMatchObject([{ name: 'Austria' }])
})

test('without clicks, saved visitors tell what changes', async () => {
  const link = await stage.api('POST', '/api/v1/links', {
    slug: 'unseen',
    destination: 'https://example.com/',
  })
  await stage.api('PUT', `/api/v1/links/${link.id}/draft`, { rules: [rule('Austria', 'AT')] })
  const page = await stage.page(`/links/${link.id}/what-if`, { expected })
  await page
    .getByRole('row', {
      name: /Tablet in Vienna.* https:\/\/example.com\/ https:\/\/example.com\/at/,
    })
    .waitFor()
  await page.getByRole('row', { name: /iPhone in New York .* the same/ }).waitFor()
  await axe(page)
})
