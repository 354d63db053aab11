/** Chromium, and what every page has to keep to: no errors, no other host, nothing for axe. */
import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { delimiter, join } from 'node:path'
import type { AxeResults } from 'axe-core'
import { type Browser, chromium, type Page } from 'playwright-core'

/** Debian's Chromium, or another by `CHROMIUM`. */
export function chromiumPath(): string | undefined {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/bin']
  const found = ['chromium', 'chromium-browser', 'google-chrome'].flatMap(name =>
    folders.map(folder => join(folder, name)),
  )
  return [process.env.CHROMIUM, ...found].find(path => path && existsSync(path))
}

export function launch(): Promise<Browser> {
  return chromium.launch({
    executablePath: chromiumPath(),
    // Its sandbox does not start in containers or for root; the pages are our own.
    args: ['--no-sandbox', '--disable-dev-shm-usage'],
  })
}

/** What is learnt by asking: Chromium calls "no" an error, here it is an answer. */
const ASKED: [RegExp, string][] = [
  [/\/api\/v1\/me$/, '401'],
  [/\/api\/v1\/links\/\w+\/draft$/, '404'],
]

const wrong = new WeakMap<Page, string[]>()

/** Notes what goes wrong on a page from now on; [`noErrors`] tells it. */
export async function watch(page: Page, origin: string, expected: readonly RegExp[] = []) {
  const list: string[] = []
  wrong.set(page, list)
  const note = (text: string) => {
    if (!expected.some(pattern => pattern.test(text))) list.push(text)
  }
  page.on('console', message => {
    if (message.type() !== 'error') return
    const { url } = message.location()
    if (ASKED.some(([call, status]) => call.test(url) && message.text().includes(status))) return
    note(`console: ${message.text()} (${url})`)
  })
  page.on('pageerror', error => note(`thrown: ${error.stack ?? error.message}`))
  page.on('request', request => {
    const url = new URL(request.url())
    if (/^https?:$/.test(url.protocol) && url.origin !== origin) {
      note(`request to another host: ${url.href}`)
    }
  })
  await page.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', event => {
      console.error(`against the policy: ${event.effectiveDirective} ${event.blockedURI}`)
    })
  })
}

/** Fails if anything went wrong on the page since it was opened. */
export function noErrors(page: Page) {
  const list = wrong.get(page) ?? []
  if (list.length) throw new Error(`${page.url()}:\n${list.join('\n')}`)
}

const axeScript = readFileSync(
  createRequire(import.meta.url).resolve('axe-core/axe.min.js'),
  'utf8',
)

/** Fails on any violation that axe finds, of WCAG 2.2 AA and of its own best practices. */
export async function axe(page: Page) {
  await page.evaluate(axeScript)
  // What fades in is judged once it is there.
  await page.evaluate(() =>
    Promise.all(document.getAnimations().map(it => it.finished.catch(() => undefined))),
  )
  const { violations } = await page.evaluate(() =>
    (window as unknown as { axe: { run(): Promise<AxeResults> } }).axe.run(),
  )
  if (!violations.length) return
  const told = violations.map(({ id, help, nodes }) => {
    const places = nodes.slice(0, 5).map(node => `    ${node.html}\n    ${node.failureSummary}`)
    return `  ${id}: ${help}\n${places.join('\n')}`
  })
  throw new Error(`${page.url()}: axe finds\n${told.join('\n')}`)
}
