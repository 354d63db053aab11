/** Try it: a visitor is described, and the way that they take lights up; and past ones are told again. */
import { expect, test } from 'vitest'
import { axe } from '../browser'
import { openStage } from '../stage'

const stage = openStage()

/** A link without a draft answers so, and Chromium calls that an error. */
const expected = [/404.*\/draft\)$/, /\/me\/(preferences|visitor)\)$/]

const rules = [
  {
    name: 'Apple phones',
    when: {
      all: [
        { field: 'os', operator: 'in', value: ['iOS', 'iPadOS'] },
        { field: 'country', operator: 'in', value: ['US', 'CA'] },
        { field: 'header.x-app', operator: 'not_equals', value: 'beta' },
      ],
    },
    action: { redirect: 'https://example.com/apps' },
  },
  {
    name: 'Munich',
    when: { field: 'city', operator: 'equals', value: 'Munich' },
    action: { redirect: 'https://example.com/munich' },
  },
]

const make = (slug: string) =>
  stage.api('POST', '/api/v1/links', { slug, destination: 'https://example.com/', rules })

test('what a visitor gets follows what is typed, and the address holds all of it', async () => {
  const link = await make('typed')
  const page = await stage.page(`/links/${link.id}/try?os=iOS&country=US`, { expected })
  const now = page.getByRole('region', { name: 'Now' })
  await now.getByText('https://example.com/apps').waitFor()
  await now.getByText('Rule 1 “Apple phones” decided.').waitFor()

  await page.getByRole('combobox', { name: 'System' }).fill('Android')
  await now.getByText('No rule matched: like everyone else.').waitFor()
  // Unknown is a third answer, with its reason.
  await now.getByText('unknown, goes on', { exact: true }).waitFor()
  await now.getByText('not said of this visitor').waitFor()
  // The suggestions below a field are closed, and what is left is the page.
  await page.keyboard.press('Escape')
  await axe(page)

  await page.getByRole('combobox', { name: 'City' }).fill('Munich')
  await now.getByText('https://example.com/munich').waitFor()
  await page.waitForURL(/os=Android.*city=Munich/)

  const other = await stage.page(
    new URL(page.url()).pathname.slice(4) + new URL(page.url()).search,
    {
      expected,
      theme: 'dark',
      width: 390,
    },
  )
  await other.getByRole('region', { name: 'Now' }).getByText('Rule 2 “Munich” decided.').waitFor()
  await axe(other)
})

test('a request is tried as well, and what is no address says so in its place', async () => {
  const link = await make('raw')
  const page = await stage.page(`/links/${link.id}/try?request.ip=8.8.4.4`, {
    expected: [...expected, /422/],
  })
  const now = page.getByRole('region', { name: 'Now' })
  await page.getByRole('button', { name: 'iPhone', exact: true }).click()
  await now.getByText('https://example.com/apps').waitFor()
  await now.getByText('header user-agent').first().waitFor()
  await page.getByLabel('IP address').fill('8.8.4')
  await page.getByText('"8.8.4" is no IP address').first().waitFor()
  await page.getByRole('button', { name: 'CLI', exact: true }).click()
  await page.getByText(/^waypost explain \S+\/raw --ip/).waitFor()
})

test('a visitor is kept as a test, which is run, deleted and brought back', async () => {
  const link = await make('tested')
  const page = await stage.page(`/links/${link.id}/try?os=iOS&country=CA`, { expected })
  await page.getByRole('button', { name: 'Save as test…' }).click()
  await page.getByLabel('Name of the test').fill('A Canadian on an iPhone')
  await page.getByRole('button', { name: 'Save test' }).click()
  const tests = page.getByRole('region', { name: 'Tests of this link' })
  await tests.getByText('1 of 1 pass').waitFor()
  await axe(page)

  await tests.getByRole('button', { name: 'Delete test A Canadian on an iPhone' }).click()
  await tests.getByText('None yet.').waitFor()
  await page.getByRole('button', { name: 'Undo' }).click()
  await tests.getByText('1 of 1 pass').waitFor()
  const kept = await stage.api('GET', `/api/v1/links/${link.id}/tests`)
  expect(kept.data).toMatchObject([
    { name: 'A Canadian on an iPhone', expect: { destination: 'https://example.com/apps' } },
  ])
})

test('a past click is told as it was then, beside what its visitor would get now', async () => {
  const link = await make('past')
  await stage.click('past', { agent: 'iphone', address: 'US' })
  await stage.counted(link.id, 1)
  await stage.api('PATCH', `/api/v1/links/${link.id}`, { rules: [] })
  const page = await stage.page(`/links/${link.id}/try`, { expected })
  await page.getByRole('button', { name: 'Past click' }).click()
  await page.getByRole('menuitem', { name: /US · iOS/ }).click()
  await page.getByRole('heading', { name: 'Then, r1' }).waitFor()
  await page.getByText('They would go elsewhere now.').waitFor()
  const then = page.getByRole('region', { name: 'Then' })
  await then.getByText('https://example.com/apps').waitFor()
  await page
    .getByRole('region', { name: 'Now' })
    .getByText('https://example.com/', { exact: true })
    .waitFor()
  await page.waitForURL(/click=clk_/)
  // A menu that is closing is no page.
  await page.getByRole('menu').waitFor({ state: 'detached' })
  await axe(page)
})

test('saved visitors are edited, deleted and brought back, and tried on a link', async () => {
  const link = await make('saved')
  const page = await stage.page('/visitors', { expected })
  await page.getByRole('button', { name: 'Delete Search engine' }).click()
  await page.getByRole('heading', { name: 'Search engine' }).waitFor({ state: 'detached' })
  await page.getByRole('button', { name: 'Undo' }).click()
  await page.getByRole('heading', { name: 'Search engine' }).waitFor()
  await axe(page)

  await page.getByRole('button', { name: 'Edit Android in Munich' }).click()
  await page.getByLabel('Name').fill('Somebody in Munich')
  await page.getByRole('button', { name: 'Save visitor' }).click()
  await page.getByRole('button', { name: 'Try on a link: Somebody in Munich' }).click()
  await page.getByLabel('Which link?').fill('saved')
  await page.getByRole('button', { name: /\/saved/ }).click()
  await page.waitForURL(new RegExp(`/links/${link.id}/try.*city=Munich`))
  await page.getByRole('region', { name: 'Now' }).getByText('Rule 2 “Munich” decided.').waitFor()
})
