/** A workspace as it looks after a while: links with rules, clicks from many places, and the rest. */
import { readFileSync } from 'node:fs'
import type { Stage } from './stage'
import { AGENTS } from './visitors'

/** The demonstration's addresses, whose cities its database has. */
const PEOPLE = readFileSync(new URL('../../../tests/demo/addresses.tsv', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .slice(1)
  .map(line => line.split('\t')[0] ?? '')

const test = (field: string, operator: string, value?: unknown) => ({ field, operator, value })

const RULES = [
  {
    name: 'Apple phones, North America',
    when: { all: [test('os', 'in', ['iOS', 'iPadOS']), test('country', 'in', ['US', 'CA'])] },
    action: { redirect: 'https://apps.example.com/x?from={country}' },
  },
  {
    name: 'Launch split',
    when: test('country', 'equals', 'DE'),
    action: {
      split: [
        { weight: 60, redirect: 'https://example.com/a' },
        { weight: 40, redirect: 'https://example.com/b' },
      ],
    },
  },
  {
    name: 'Evenings on phones',
    when: {
      all: [test('deviceType', 'equals', 'mobile'), { not: test('hour', 'between', [6, 17]) }],
    },
    action: { redirect: 'https://example.com/evening' },
  },
]

/** What the draft adds. */
const BRITAIN = {
  name: 'Britain',
  when: test('country', 'in', ['GB', 'IE']),
  action: { redirect: 'https://example.com/uk' },
}

const LINKS = [
  { slug: 'spring', title: 'Spring campaign', tags: ['spring', 'mail'], rules: RULES },
  { slug: 'guide', title: 'Documentation', tags: ['print'] },
  { slug: 'shop', title: 'Shop', tags: ['partner'], folder: 'Campaigns' },
  { slug: 'old', title: 'Last year', enabled: false },
  { slug: 'event', title: 'Conference', expiresAt: '2035-12-01T22:59:00Z' },
]

export interface Seeded {
  /** The link with rules and most clicks. */
  spring: string
}

/** Fills the stage's workspace; the clicks are counted when it resolves. */
export async function seed(stage: Stage, clicks = 120): Promise<Seeded> {
  await stage.api('POST', '/api/v1/domains', { host: 'go.example.com' })
  await stage.api('POST', '/api/v1/folders?domain=localhost', { name: 'Campaigns' })
  await stage.api('POST', '/api/v1/webhooks', { url: 'https://example.com/waypost' })
  await stage.api('POST', '/api/v1/pixels', {
    name: 'Shop',
    kind: 'googleAnalytics',
    code: 'G-AB12CD34EF',
  })
  await stage.api('POST', '/api/v1/invitations', { role: 'editor', note: 'Bea' })
  const ids: string[] = []
  for (const link of LINKS) {
    const destination = `https://example.com/${link.slug}`
    ids.push((await stage.api('POST', '/api/v1/links', { ...link, destination })).id)
  }
  const spring = ids[0]!

  const agents = Object.keys(AGENTS) as (keyof typeof AGENTS)[]
  const referrers = [undefined, 'https://t.co/abc', 'https://www.google.com/']
  let people = 0
  for (let n = 0; n < clicks; n++) {
    const agent = agents[n % agents.length]!
    // Each person counts once in a while only, so their addresses differ: 13 divides not their number.
    const address = PEOPLE[(n * 13) % PEOPLE.length]!
    const slug = n % 3 === 2 ? 'guide' : 'spring'
    if (slug === 'spring' && agent !== 'googlebot') people++
    await stage.click(`${slug}?utm_source=${n % 2 ? 'mail' : 'social'}`, {
      agent,
      address,
      referrer: referrers[n % referrers.length],
      language: n % 2 ? 'de-DE,de' : 'en-US,en',
    })
  }
  await stage.counted(spring, people)
  const { rules } = await stage.api('GET', `/api/v1/links/${spring}`)
  await stage.api('PUT', `/api/v1/links/${spring}/draft`, { rules: [...rules, BRITAIN] })
  return { spring }
}
