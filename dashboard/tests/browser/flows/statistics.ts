/** Statistics and Live: filters by a click, the address as the question, files, and clicks as they come. */
import { readFile } from 'node:fs/promises'
import type { Locator } from 'playwright-core'
import { beforeAll, expect, test } from 'vitest'
import { axe } from '../browser'
import { openStage } from '../stage'

const stage = openStage()
let link: { id: string }

beforeAll(async () => {
  link = await stage.api('POST', '/api/v1/links', {
    slug: 'spring',
    destination: 'https://example.com/',
    rules: [
      {
        name: 'Germany',
        when: { field: 'country', operator: 'equals', value: 'DE' },
        action: { redirect: 'https://example.com/de' },
      },
    ],
  })
  await stage.click('spring', { agent: 'iphone', address: 'DE', referrer: 'https://t.co/x' })
  await stage.click('spring', { agent: 'iphone', address: 'US' })
  await stage.click('spring', { agent: 'iphone', address: 'US' })
  await stage.counted(link.id, 3)
})

for (const theme of ['light', 'dark'] as const) {
  test(`statistics are told to everyone, ${theme}`, async () => {
    const page = await stage.page('/stats', { theme })
    await page.getByRole('button', { name: /^spring/ }).waitFor()
    await page.getByRole('img', { name: /Arrow keys/ }).waitFor()
    await axe(page)
  })
}

test('cities are bubbles where they are, and a sentence', async () => {
  // One of the demonstration's addresses, whose city its database has.
  await stage.click('spring', { agent: 'iphone', address: '152.168.127.205' })
  await stage.counted(link.id, 4)
  const page = await stage.page('/stats')
  await page.getByText('Cities', { exact: true }).click()
  await page.getByText('All clicks whose city is known came from Buenos Aires').first().waitFor()
  await page.getByText('This server does not tell where cities are').waitFor({ state: 'detached' })
  await axe(page)
})

test('a click on a row filters, and again takes it back', async () => {
  // A link without a draft has none: that is asked and answered.
  const page = await stage.page(`/links/${link.id}/stats`, { expected: [/\/draft/] })
  const germany = page.getByRole('button', { name: /^Germany/ }).first()
  await germany.click()
  await page.getByRole('button', { name: 'Change: Rule is Germany' }).waitFor()
  expect(page.url()).toContain('rule=rule_')
  await page.getByText('1', { exact: true }).first().waitFor()
  await germany.click()
  await page.waitForURL(url => !url.search.includes('rule='))
})

test('a rule that is pointed at lights up in the charts, by mouse and by keys', async () => {
  const page = await stage.page(`/links/${link.id}/stats`, { expected: [/\/draft/] })
  const rules = page.getByRole('region', { name: 'Rules and variants' })
  const germany = rules.getByRole('button', { name: /^Germany/ })
  const series = page.getByRole('region', { name: 'Over time' })
  const line = series.locator('svg').getByText('Germany')
  const sources = page.getByRole('region', { name: 'Sources' })
  await sources.getByRole('button', { name: /^t\.co/ }).waitFor()

  await germany.hover()
  await line.waitFor()
  // All that came from t.co went by this rule, and nothing else did.
  await expect.poll(() => litParts(sources)).toEqual({ 't.co': 1, 'Direct, or unknown': 0 })
  await page.mouse.move(0, 0)
  await line.waitFor({ state: 'detached' })

  await germany.press('Shift+Tab')
  await page.keyboard.press('Tab')
  await line.waitFor()
  await axe(page)
  // Nothing was filtered by looking.
  expect(new URL(page.url()).search).toBe('')
  await page.keyboard.press('Tab')
  await page.keyboard.press('Tab')
  await line.waitFor({ state: 'detached' })
})

/** How much of each row's bar is lit, by the row's name. */
function litParts(card: Locator): Promise<Record<string, number>> {
  return card.getByRole('listitem').evaluateAll(rows =>
    Object.fromEntries(
      rows.map(row => {
        const [bar, lit] = [...row.querySelectorAll<HTMLElement>(':scope > span')]
        const width = (part?: HTMLElement) => Number.parseFloat(part?.style.width ?? '')
        return [row.querySelector('button span span')?.textContent, width(lit) / width(bar)]
      }),
    ),
  )
}

test('Alt leaves out, keys change the time, and Escape clears', async () => {
  const page = await stage.page('/stats')
  const spring = page.getByRole('button', { name: /^spring/ })
  await spring.click({ modifiers: ['Alt'] })
  await page.waitForURL(/link!=/)
  await page.keyboard.press('t')
  await page.waitForURL(/period=30d/)
  await page.keyboard.press('x')
  await page.waitForURL(/compare=none/)
  await page.keyboard.press('Escape')
  await page.waitForURL(url => !url.search.includes('link'))
  await page.keyboard.press('ArrowLeft')
  await page.waitForURL(/from=/)
})

test('those who are looked at are sent elsewhere by a rule', async () => {
  const page = await stage.page(`/links/${link.id}/stats?country=DE,AT&device!=desktop`, {
    // The rule has no destination yet.
    expected: [/\/draft/, /422 .*\/(analyse|matches)/],
  })
  await page.getByRole('link', { name: 'Send these elsewhere…' }).click()
  await page.getByRole('textbox', { name: 'Destination' }).fill('https://example.com/there')
  await page
    .getByText('Everyone not on desktops in Germany or Austria goes to example.com/there')
    .waitFor()
  await page.getByText(/Draft: \d+ changes?, saved$/).waitFor()
  const draft = await stage.api('GET', `/api/v1/links/${link.id}/draft`)
  expect(draft.rules.at(-1).when).toEqual({
    all: [
      { field: 'country', operator: 'in', value: ['DE', 'AT'] },
      { not: { field: 'deviceType', operator: 'equals', value: 'desktop' } },
    ],
  })
})

test('a saved view and a click are found from anywhere', async () => {
  const page = await stage.page('/stats?period=30d&country=DE')
  await page.getByRole('button', { name: 'Saved views' }).click()
  await page.getByLabel('Save this view').fill('Germans this month')
  await page.keyboard.press('Enter')
  await page.getByText('Saved “Germans this month”.').waitFor()
  await page.goto(stage.url('/links'))
  await page.getByRole('heading', { name: 'Links', level: 1 }).waitFor()
  await page.keyboard.press('Control+k')
  await page.keyboard.type('germans this')
  await page.getByRole('option', { name: /Germans this month/ }).waitFor()
  await page.keyboard.press('Enter')
  await page.waitForURL('**/stats?period=30d&country=DE')

  const { data } = await stage.api('GET', `/api/v1/clicks?link=${link.id}`)
  // The palette that is closing takes nothing any more.
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  await page.keyboard.press('Control+k')
  const palette = page.locator('[role=combobox]:focus')
  // Whatever digits are in their ids.
  for (const { id } of data) {
    await palette.fill(id)
    await page.getByRole('option', { name: `Explain the click ${id}` }).waitFor()
  }
  await palette.fill(data[0].id)
  await page.getByRole('option', { name: `Explain the click ${data[0].id}` }).waitFor()
  await page.keyboard.press('Enter')
  await page.waitForURL(`**/links/${link.id}/try?click=${data[0].id}`)
})

test('an address is the question', async () => {
  const page = await stage.page('/stats?period=today&country=DE&zone=Asia/Kathmandu')
  await page.getByRole('button', { name: 'Change: Country is Germany' }).waitFor()
  await page.getByRole('button', { name: 'Time: Today' }).waitFor()
  await page.getByText('Asia/Kathmandu', { exact: true }).waitFor()
})

test('a chart is a table and a file, named by its filters', async () => {
  const page = await stage.page('/stats?country=DE')
  await page.getByRole('button', { name: 'Save “Over time”' }).click()
  const [csv] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Save as CSV' }).click(),
  ])
  expect(csv.suggestedFilename()).toBe('waypost_Clicks_7d_country-DE.csv')
  const rows = (await readFile(await csv.path(), 'utf8')).trim().split('\r\n')
  expect(rows).toHaveLength(8)
  expect(rows.at(-1)).toMatch(/^\d{4}-\d\d-\d\d,1,0$/)

  await page.getByRole('button', { name: 'Save “Over time”' }).click()
  const [png] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Save as PNG' }).click(),
  ])
  const bytes = await readFile(await png.path())
  expect(bytes.subarray(1, 4).toString()).toBe('PNG')

  await page.getByRole('button', { name: 'Over time: As table' }).click()
  await page.getByRole('columnheader', { name: 'Clicks' }).waitFor()
})

test('clicks are seen as they come', async () => {
  const page = await stage.page('/live')
  await page.getByText('Live', { exact: true }).last().waitFor()
  await page.locator('[data-state=open]').waitFor()
  await stage.click('spring', { agent: 'iphone', address: 'DE' })
  const row = page.getByRole('listitem').filter({ hasText: 'spring' })
  await row.getByText('Germany').first().waitFor()
  await axe(page)
  await page.getByRole('button', { name: 'Pause' }).click()
  await stage.click('spring', { agent: 'iphone', address: 'US' })
  await page.getByRole('button', { name: 'Go on (1 waiting)' }).click()
  await row.nth(1).waitFor()
  await row.first().getByRole('link', { name: /^Try/ }).click()
  await page.waitForURL(/\/try\?click=clk_/)
})
