/**
 * What a flow plays on: a fresh server, a Chromium, and an owner who is signed in.
 *
 * `const stage = openStage()` at the top of a file makes all three before its first test and ends
 * them after its last. Every page that a test opened is held to [`noErrors`] when the test is over.
 */
import { mkdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll } from 'vitest'
import { launch, noErrors, watch } from './browser'
import { type Server, startServer } from './server'
import { click, type Visit } from './visitors'

export const OWNER = { name: 'Ann', password: 'a long enough password' }

export interface View {
  theme?: 'light' | 'dark'
  width?: number
  height?: number
  /** `false`: nobody is signed in. */
  signedIn?: boolean
  language?: 'en' | 'de'
  /** Errors that the test brings about on purpose: matched with what [`noErrors`] would tell. */
  expected?: readonly RegExp[]
}

export interface Stage {
  readonly server: Server
  readonly browser: Browser
  /** `url('/links')` is where that page of the dashboard is. */
  url(path: string): string
  /** A call by an API key, which throws unless it is answered with success. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
  api(method: string, path: string, body?: unknown): Promise<any>
  /** A visitor clicks; resolves to where they are sent. */
  click(path: string, visit?: Visit): ReturnType<typeof click>
  /** Until the statistics have counted all clicks so far. */
  counted(link: string, people: number): Promise<void>
  /** A page at `path` in a browser profile of its own. */
  page(path: string, view?: View): Promise<Page>
}

export function openStage(settings: Record<string, string> = {}): Stage {
  let server: Server
  let browser: Browser
  let cookies: Awaited<ReturnType<BrowserContext['cookies']>> | undefined
  let pages: Page[] = []

  beforeAll(async () => {
    server = await startServer(settings)
    browser = await launch()
  })

  afterEach(async ({ task }) => {
    const opened = pages
    pages = []
    try {
      if (task.result?.state === 'fail') await keep(opened, task.name)
      for (const page of opened) noErrors(page)
    } finally {
      await Promise.all(opened.map(page => page.context().close()))
    }
  })

  afterAll(async () => {
    await browser?.close()
    await server?.remove()
  })

  /** Signs the owner in: first by the link that the server printed, then as whoever is known. */
  const signIn = async (context: BrowserContext) => {
    if (!server.setup) return
    if (cookies) {
      await context.addCookies(cookies)
      const answer = await context.request.get(`${server.origin}/api/v1/me`)
      if (answer.ok()) return
      // A test signed out. Sign-ins are counted by the server, so that each is not a new one.
      await context.clearCookies()
    }
    const known = { email: OWNER.name, password: OWNER.password }
    if (cookies) await post(context, '/api/v1/sessions', known)
    else {
      const accepted = { ...OWNER, token: server.setup }
      // Set up already, where that is what a test is about.
      await post(context, '/api/v1/invitations/accept', accepted).catch(() =>
        post(context, '/api/v1/sessions', known),
      )
    }
    cookies = await context.cookies()
  }
  const post = async (context: BrowserContext, path: string, body: object) => {
    const answer = await context.request.post(`${server.origin}${path}`, {
      data: { ...body, cookie: true },
      // As a page of the dashboard would send it: cookies are taken from those alone.
      headers: { 'sec-fetch-site': 'same-origin' },
    })
    if (!answer.ok()) throw new Error(`${path}: ${answer.status()} ${await answer.text()}`)
  }

  const api: Stage['api'] = async (method, path, body) => {
    const answer = await fetch(`http://127.0.0.1:${server.port}${path}`, {
      method,
      headers: { authorization: `Bearer ${server.key}`, 'content-type': 'application/json' },
      body: body === undefined ? undefined : JSON.stringify(body),
    })
    const text = await answer.text()
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`)
    return text ? JSON.parse(text) : undefined
  }

  return {
    get server() {
      return server
    },
    get browser() {
      return browser
    },
    url: path => `${server.origin}/app${path}`,
    api,
    click: (path, visit) => click(server.port, path, visit),
    counted: async (link, people) => {
      for (let tries = 0; tries < 200; tries++) {
        const counts = await api('GET', `/api/v1/links/${link}/clicks`)
        if (people <= counts.people) return
        await new Promise(done => setTimeout(done, 50))
      }
      throw new Error(`the clicks of ${link} were not counted within ten seconds`)
    },
    page: async (path, view = {}) => {
      const context = await browser.newContext({
        viewport: { width: view.width ?? 1280, height: view.height ?? 800 },
        colorScheme: view.theme ?? 'light',
        locale: view.language ?? 'en',
        timezoneId: 'Europe/Berlin',
        reducedMotion: 'reduce',
      })
      context.setDefaultTimeout(30_000)
      if (view.signedIn !== false) await signIn(context)
      const page = await context.newPage()
      pages.push(page)
      await watch(page, server.origin, view.expected)
      await page.goto(`${server.origin}/app${path}`)
      return page
    },
  }
}

/** Keeps what a failed test looked like, for whoever asks why. */
async function keep(pages: Page[], name: string) {
  const folder = fileURLToPath(new URL('failures/', import.meta.url))
  mkdirSync(folder, { recursive: true })
  const file = name.replace(/\W+/g, '-')
  for (const [index, page] of pages.entries()) {
    await page.screenshot({ path: `${folder}${file}-${index}.png` }).catch(() => undefined)
  }
}
