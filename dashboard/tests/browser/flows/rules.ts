/** Rules are built by mouse and by keys alone, reordered, published, and taken back. */
import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { axe } from '../browser'
import { openStage } from '../stage'

const stage = openStage()

/** What no draft answers, which is how a page learns that there is none. */
const expected = [
  /404 .*\/draft/,
  // A half-written address is asked about like a whole one.
  /422 .*\/(analyse|matches|draft)/,
]

/** The first rule of the documents that Waypost was made from. */
const MOBILE_IOS_US = {
  name: 'Mobile iOS Users in US',
  when: {
    all: [
      { field: 'deviceType', operator: 'equals', value: 'mobile' },
      { field: 'os', operator: 'equals', value: 'iOS' },
      { field: 'country', operator: 'in', value: ['US'] },
    ],
  },
  action: { redirect: 'https://example.com/ios-us' },
}

const rule = (name: string, value: string, path: string) => ({
  name,
  when: { field: 'country', operator: 'equals', value },
  action: { redirect: `https://example.com/${path}` },
})

async function open(slug: string, rules: object[] = []) {
  const link = await stage.api('POST', '/api/v1/links', {
    slug,
    destination: `https://example.com/${slug}`,
    rules,
  })
  const page = await stage.page(`/links/${link.id}/rules`, { expected })
  await page.getByText('Everyone else goes to').waitFor()
  return { link, page }
}

const saved = (page: Page) => page.getByText(/Draft: \d+ changes?, saved$/).waitFor()

async function publish(page: Page, revision: number) {
  await page
    .getByRole('dialog')
    .getByRole('button', { name: `Publish r${revision}` })
    .click()
  await page.getByText(`r${revision} is live.`).first().waitFor()
}

async function held(link: { id: string }) {
  const { rules } = await stage.api('GET', `/api/v1/links/${link.id}`)
  expect(rules).toMatchObject([MOBILE_IOS_US])
  const sent = (address: 'US' | 'DE', agent: 'iphone' | 'windows') =>
    stage.click('ios', { address, agent }).then(({ location }) => location)
  return { sent }
}

test('a rule is built by mouse, and visitors go where it says', async () => {
  const { link, page } = await open('ios')
  await page.getByRole('button', { name: 'Rule', exact: true }).click()
  await page.getByRole('textbox', { name: 'Name' }).fill(MOBILE_IOS_US.name)

  const choose = async (index: number, field: string, operator: string, value: string) => {
    await page.getByRole('combobox', { name: 'What is asked' }).nth(index).click()
    await page.getByRole('option', { name: field, exact: true }).click()
    await page
      .getByRole('combobox', { name: 'How it is compared' })
      .nth(index)
      .selectOption({ label: operator })
    await page.getByRole('combobox', { name: `${field}, Value` }).click()
    await page.getByRole('option', { name: value }).first().click()
    await page.keyboard.press('Escape')
  }
  await choose(0, 'Device', 'is', 'mobile')
  await page.getByRole('button', { name: 'And', exact: true }).click()
  await choose(1, 'System', 'is', 'iOS')
  await page.getByRole('button', { name: 'And', exact: true }).click()
  await choose(2, 'Country', 'is one of', 'United States')
  await page.getByRole('textbox', { name: 'Destination' }).fill(MOBILE_IOS_US.action.redirect)

  await page.getByText('Everyone on phones on iOS in the US goes to example.com/ios-us').waitFor()
  await saved(page)
  await axe(page)
  await page.getByRole('button', { name: 'Publish r2…' }).click()
  await page.getByText('Mobile iOS Users in US comes, as number 1').waitFor()
  await axe(page)
  await publish(page, 2)

  // Whoever watches sees three people arrive, and by which rule they went.
  const live = await stage.page('/live')
  await live.locator('[data-state=open]').waitFor()
  const { sent } = await held(link)
  expect(await sent('US', 'iphone')).toBe('https://example.com/ios-us')
  expect(await sent('DE', 'iphone')).toBe('https://example.com/ios')
  expect(await sent('US', 'windows')).toBe('https://example.com/ios')
  const arrivals = live.getByRole('link', { name: /^Try: .*, ios$/ })
  await arrivals.nth(2).waitFor()
  await live.getByText(new RegExp(`^${MOBILE_IOS_US.name}`)).waitFor()
})

test('the same rule is built by keys alone', async () => {
  const { link, page } = await open('ios-keys')
  const { keyboard } = page
  const focused = () => page.evaluate(() => document.activeElement?.getAttribute('aria-label'))
  const chosen = () =>
    page.evaluate(() => (document.activeElement as HTMLSelectElement).selectedOptions[0]?.text)
  /** Tab until what has this name has the focus. */
  const tabTo = async (name: string) => {
    for (let steps = 0; steps < 40; steps++) {
      if ((await focused()) === name) return
      await keyboard.press('Tab')
    }
    throw new Error(`${name} cannot be reached by Tab, which is at ${await focused()}`)
  }
  /** From a row's field on: the field, how it is compared, the value. */
  const choose = async (field: string, operator: string, value: string) => {
    expect(await focused()).toBe('What is asked')
    await keyboard.press('ControlOrMeta+a')
    await keyboard.type(field)
    await keyboard.press('ArrowDown')
    await keyboard.press('Enter')
    await tabTo('How it is compared')
    await keyboard.press('Home')
    for (let steps = 0; steps < 20 && (await chosen()) !== operator; steps++) {
      await keyboard.press('ArrowDown')
    }
    expect(await chosen()).toBe(operator)
    await tabTo(`${field}, Value`)
    await keyboard.type(value)
    await keyboard.press('Enter')
    await keyboard.press('Escape')
  }
  const addition = async () => {
    for (let steps = 0; steps < 40; steps++) {
      if ((await page.evaluate(() => document.activeElement?.textContent?.trim())) === 'And') break
      await keyboard.press('Tab')
    }
    await keyboard.press('Enter')
  }

  await page.locator('body').press('n')
  await page.getByRole('textbox', { name: 'Name' }).waitFor()
  expect(await focused()).toBe('Name')
  await keyboard.type(MOBILE_IOS_US.name)
  await tabTo('What is asked')
  await choose('Device', 'is', 'mobile')
  await addition()
  await choose('System', 'is', 'iOS')
  await addition()
  await choose('Country', 'is one of', 'us')
  await tabTo('Destination')
  await keyboard.type(MOBILE_IOS_US.action.redirect)
  await saved(page)
  await keyboard.press('ControlOrMeta+s')
  await page.getByText('Mobile iOS Users in US comes, as number 1').waitFor()
  // The button that publishes has the focus.
  await keyboard.press('Enter')
  await page.getByText('r2 is live.').first().waitFor()
  const { rules } = await stage.api('GET', `/api/v1/links/${link.id}`)
  expect(rules).toMatchObject([MOBILE_IOS_US])
})

test('rules are reordered by dragging, by keys and by a number, and that is said', async () => {
  const { link, page } = await open('order', [
    rule('Germany', 'DE', 'de'),
    rule('Austria', 'AT', 'at'),
    rule('Argentina', 'AR', 'ar'),
  ])
  const order = () => page.locator('[data-rule] [id^="rule-"]').allInnerTexts()
  const names = async () => (await order()).map(text => /Germany|Austria|Argentina/.exec(text)?.[0])
  const told = (text: string) => page.getByRole('status').filter({ hasText: text }).waitFor()

  await page.getByRole('button', { name: /^Move Germany/ }).focus()
  await page.keyboard.press('Alt+ArrowDown')
  await told('Germany, now 2 of 3')
  expect(await names()).toEqual(['Austria', 'Germany', 'Argentina'])
  expect(await page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toBe(
    'Move Germany, 2 of 3',
  )

  const handle = await page.getByRole('button', { name: /^Move Argentina/ }).boundingBox()
  const target = await page.getByRole('button', { name: /^Move Austria/ }).boundingBox()
  if (!handle || !target) throw new Error('no handles')
  await page.mouse.move(handle.x + 10, handle.y + 10)
  await page.mouse.down()
  await page.mouse.move(handle.x + 10, handle.y - 20, { steps: 4 })
  await page.mouse.move(target.x + 10, target.y + 4, { steps: 8 })
  await page.mouse.up()
  await told('Argentina, now 1 of 3')
  expect(await names()).toEqual(['Argentina', 'Austria', 'Germany'])

  // For a moment after a drop, a click is taken for its end.
  const more = page.getByRole('button', { name: 'More for Argentina' })
  await expect
    .poll(async () => {
      if ((await more.getAttribute('aria-expanded')) !== 'true') await more.click()
      return more.getAttribute('aria-expanded')
    })
    .toBe('true')
  await page.getByRole('menuitem', { name: 'Move to position…' }).click()
  await page.getByRole('textbox', { name: 'Position, 1 to 3' }).fill('3')
  await page.keyboard.press('Enter')
  await told('Argentina, now 3 of 3')
  expect(await names()).toEqual(['Austria', 'Germany', 'Argentina'])

  // Back three steps, and there is no draft any more.
  for (let steps = 0; steps < 3; steps++) await page.keyboard.press('ControlOrMeta+z')
  await page.getByText('No changes').waitFor()
  expect(await names()).toEqual(['Germany', 'Austria', 'Argentina'])
  await page.keyboard.press('ControlOrMeta+Shift+z')
  await saved(page)
  const draft = await stage.api('GET', `/api/v1/links/${link.id}/draft`)
  expect(draft.rules.map(({ name }: { name: string }) => name)).toEqual([
    'Austria',
    'Germany',
    'Argentina',
  ])
})

test('a rule that is never reached says so, and one press moves it', async () => {
  const { page } = await open('dead', [
    rule('Germany', 'DE', 'de'),
    {
      name: 'Bavaria',
      when: {
        all: [
          { field: 'country', operator: 'equals', value: 'DE' },
          { field: 'region', operator: 'equals', value: 'BY' },
        ],
      },
      action: { redirect: 'https://example.com/by' },
    },
  ])
  const card = page.locator('[data-rule]').filter({ hasText: 'Bavaria' })
  await card.getByText('Never reached').first().waitFor()
  await card.getByRole('button', { name: 'Move above 1' }).click()
  await card.getByText('Never reached').first().waitFor({ state: 'detached' })
  expect(await page.locator('[data-rule]').first().textContent()).toContain('Bavaria')
})

test('what is wrong is said at its place, and nothing is lost by leaving', async () => {
  const { link, page } = await open('faults', [rule('Germany', 'DE', 'de')])
  await page
    .getByRole('button', { name: /Germany/ })
    .nth(1)
    .click()
  await page.getByRole('combobox', { name: 'What is asked' }).click()
  await page.getByRole('option', { name: 'IP address', exact: true }).click()
  await page.getByRole('textbox', { name: 'IP address, Value' }).fill('10.0.0.0/33')
  await page.getByText('10.0.0.0/33 is not a network. Use /0 to /32.').waitFor()
  await page.getByText(/kept in this browser until it is complete/).waitFor()
  await page.reload()
  await page
    .getByRole('button', { name: /Germany/ })
    .nth(1)
    .click()
  expect(await page.getByRole('textbox', { name: 'IP address, Value' }).inputValue()).toBe(
    '10.0.0.0/33',
  )
  await page.getByRole('textbox', { name: 'IP address, Value' }).fill('10.0.0.0/8')
  await saved(page)
  const draft = await stage.api('GET', `/api/v1/links/${link.id}/draft`)
  expect(draft.rules[0].when).toMatchObject({ field: 'ip', value: ['10.0.0.0/8'] })
})

test('a deleted rule comes back, and a revision too', async () => {
  const { link, page } = await open('back', [
    rule('Germany', 'DE', 'de'),
    rule('Austria', 'AT', 'at'),
  ])
  await page.getByRole('button', { name: 'More for Germany' }).click()
  await page.getByRole('menuitem', { name: 'Delete' }).click()
  await page.getByRole('button', { name: 'Undo' }).last().click()
  await page.getByText('No changes').waitFor()

  await page.getByRole('button', { name: 'More for Germany' }).click()
  await page.getByRole('menuitem', { name: 'Delete' }).click()
  await saved(page)
  await page.getByRole('button', { name: 'Publish r2…' }).click()
  await publish(page, 2)

  await page.getByRole('link', { name: 'History' }).click()
  await page.getByText('Germany goes, which was number 1').waitFor()
  await axe(page)
  await page.getByRole('button', { name: 'Restore r1 as a draft' }).click()
  await page.getByText('Germany comes, as number 1').waitFor()
  expect((await stage.api('GET', `/api/v1/links/${link.id}`)).rules).toHaveLength(1)
  await page.getByRole('button', { name: 'See the draft' }).click()
  await page.getByRole('button', { name: 'Publish r3…' }).click()
  await publish(page, 3)
  const { rules } = await stage.api('GET', `/api/v1/links/${link.id}`)
  expect(rules).toMatchObject([{ name: 'Germany' }, { name: 'Austria' }])
})

test('two who edit at once are shown both changes', async () => {
  const { link, page } = await open('both', [
    rule('Germany', 'DE', 'de'),
    rule('Austria', 'AT', 'at'),
  ])
  await page.getByRole('button', { name: 'More for Germany' }).click()
  await page.getByRole('menuitem', { name: 'Turn off' }).click()
  await saved(page)
  const { rules } = await stage.api('GET', `/api/v1/links/${link.id}`)
  await stage.api('PATCH', `/api/v1/links/${link.id}/rules/${rules[1].id}`, { name: 'Wien' })
  await page.reload()
  await page.getByRole('button', { name: 'Publish r3…' }).click()
  await page.getByText('This draft was begun from r1, and r2 is live now').waitFor()
  await axe(page)
  await page.getByRole('button', { name: 'Have both' }).click()
  await page.getByText('This draft was begun from').waitFor({ state: 'detached' })
  await publish(page, 3)
  const after = await stage.api('GET', `/api/v1/links/${link.id}`)
  expect(after.rules).toMatchObject([{ name: 'Germany', enabled: false }, { name: 'Wien' }])
})

test('nothing for axe on a phone, at night, with everything open', async () => {
  const link = await stage.api('POST', '/api/v1/links', {
    slug: 'deep',
    destination: 'https://example.com/',
    rules: [
      {
        name: 'Deep',
        when: {
          all: [
            { any: [{ all: [{ not: { any: [rule('', 'DE', '').when] } }] }] },
            { field: 'hour', operator: 'between', value: [9, 16] },
          ],
        },
        action: {
          split: [
            { weight: 2, redirect: 'https://example.com/a' },
            { weight: 1, redirect: 'https://example.com/b' },
          ],
        },
      },
      {
        name: 'Week',
        when: {
          all: [
            { field: 'dayOfWeek', operator: 'in', value: [1, 2] },
            { field: 'hour', operator: 'in', value: [9, 10] },
            { field: 'percentile', operator: 'less_than', value: 50 },
          ],
        },
        action: { block: 451 },
      },
    ],
  })
  for (const theme of ['light', 'dark'] as const) {
    const page = await stage.page(`/links/${link.id}/rules`, { theme, width: 390, expected })
    await page.getByRole('button', { name: /Deep/ }).nth(1).click()
    await page.getByText('2 of 3 = 67 %').waitFor()
    await page.getByRole('textbox', { name: 'Edit as JSON' }).waitFor()
    await axe(page)
    await page.getByRole('button', { name: /Week/ }).nth(1).click()
    await page.getByRole('button', { name: '9:00 to 10:00' }).waitFor()
    await axe(page)
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390)
  }
})
