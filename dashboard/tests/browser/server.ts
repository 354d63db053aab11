/** A real Waypost of the test's own: on a free port, in a folder that goes away. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { serveBuilt } from './front'

const dashboard = fileURLToPath(new URL('../..', import.meta.url))
const repository = join(dashboard, '..')

export const binary =
  process.env.WAYPOST_BINARY ??
  join(process.env.CARGO_TARGET_DIR ?? join(repository, 'target'), 'release/waypost')

export interface Server {
  /** Where pages are: `http://localhost:41234`. */
  origin: string
  /** Where visitors click. */
  port: number
  /** An API key that may do everything. */
  key: string
  /** What follows `/app/setup/` in the link that the first start prints. */
  setup: string | undefined
  /** All that the server wrote. */
  log: () => string
  /** Ends the server and keeps its data, as an outage would. */
  stop: () => Promise<void>
  /** Starts it again after [`Server.stop`]. */
  start: () => Promise<void>
  /** `false`: no file of the server may grow, as where the disk is full. */
  letFilesGrow: (may: boolean) => void
  /** Ends everything and deletes it. */
  remove: () => Promise<void>
}

/** Further settings of one test, such as `{ WAYPOST_CLICK_DAYS: '90' }`. */
export async function startServer(settings: Record<string, string> = {}): Promise<Server> {
  const folder = mkdtempSync(join(tmpdir(), 'waypost-browser-'))
  const port = await freePort()
  // A dashboard that is not in the binary yet is served in front of it.
  const front = process.env.WAYPOST_DASHBOARD
  const frontPort = front ? await freePort() : port
  mkdirSync(join(folder, 'geo'))
  symlinkSync(join(repository, 'tests/demo/geo.mmdb'), join(folder, 'geo/geo.mmdb'))
  const origin = `http://localhost:${frontPort}`
  const database = ownDatabase(`waypost_browser_${port}`)
  const environment = {
    ...withoutSettings(process.env),
    WAYPOST_LISTEN: `127.0.0.1:${port}`,
    WAYPOST_PUBLIC_URL: origin,
    WAYPOST_TRUSTED_PROXIES: '127.0.0.0/8',
    WAYPOST_GEO_DIR: join(folder, 'geo'),
    ...(database ? { WAYPOST_DATABASE_URL: database.url } : {}),
    ...settings,
  }

  let written = ''
  let child: ChildProcess | undefined
  const start = async () => {
    // The signal of a file that may not grow would end it; a full disk sends none.
    const command = `trap '' XFSZ; exec "$0" serve`
    child = spawn('sh', ['-c', command, binary], { cwd: folder, env: environment })
    const own = child
    process.once('exit', () => own.kill('SIGKILL'))
    const keep = (chunk: Buffer) => {
      written += chunk
    }
    child.stdout?.on('data', keep)
    child.stderr?.on('data', keep)
    await answers(`http://127.0.0.1:${port}/readyz`, child, () => written)
  }
  const stop = async () => {
    await ended(child)
    child = undefined
  }

  await start()
  // It is ready before it has told what a newcomer needs, which ends with this.
  for (let tries = 0; tries < 100 && !written.includes('Then open '); tries++) await pause()
  const setup = written.match(/\/app\/setup\/(\S+)/)?.[1]
  const key = written.match(/API key\s+(wp_\w+)/)?.[1]
  if (!key) throw new Error(`the server told no key:\n${written}`)

  let closeFront = async () => {}
  if (front === 'built') closeFront = await serveBuilt(frontPort, port, setup ? undefined : key)
  if (front === 'vite') closeFront = await serveWorking(frontPort, port, setup ? undefined : key)

  return {
    origin,
    port,
    key,
    setup,
    log: () => written,
    stop,
    start,
    letFilesGrow: may => {
      const limit = `--fsize=${may ? 'unlimited' : 0}:`
      execFileSync('prlimit', ['--pid', String(child?.pid), limit])
    },
    remove: async () => {
      await closeFront()
      await stop()
      database?.drop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** The working copy, by Vite. A server without accounts for people is used by a key. */
async function serveWorking(port: number, serverPort: number, key: string | undefined) {
  // A group of its own, since npx starts another process that has to end with it.
  const vite = spawn('npx', ['vite', '--port', String(port), '--strictPort'], {
    cwd: dashboard,
    detached: true,
    env: {
      ...withoutSettings(process.env),
      WAYPOST_SERVER: `http://127.0.0.1:${serverPort}`,
      ...(key ? { WAYPOST_KEY: key } : {}),
    },
  })
  await answers(`http://localhost:${port}/app/`, vite, () => 'Vite did not start')
  return async () => {
    if (vite.pid) process.kill(-vite.pid)
  }
}

/** Settings of whoever runs the tests are not for the tests. */
function withoutSettings(environment: NodeJS.ProcessEnv) {
  return Object.fromEntries(
    Object.entries(environment).filter(([name]) => !name.startsWith('WAYPOST_')),
  )
}

/** A database of the test's own where PostgreSQL was asked for; else SQLite makes one by itself. */
function ownDatabase(name: string) {
  const admin = process.env.WAYPOST_DATABASE_URL
  if (!admin?.startsWith('postgres')) return undefined
  const sql = (statement: string) =>
    execFileSync('psql', [admin, '--quiet', '--command', statement], { stdio: 'pipe' })
  sql(`create database ${name}`)
  const url = new URL(admin)
  url.pathname = `/${name}`
  return { url: url.href, drop: () => sql(`drop database ${name} with (force)`) }
}

async function answers(url: string, child: ChildProcess, said: () => string) {
  for (let tries = 0; tries < 300; tries++) {
    if (child.exitCode !== null) break
    const answer = await fetch(url).catch(() => undefined)
    if (answer?.ok) return
    await pause()
  }
  throw new Error(`${url} does not answer:\n${said()}`)
}

const pause = () => new Promise(done => setTimeout(done, 50))

function ended(child: ChildProcess | undefined): Promise<void> {
  return new Promise(done => {
    if (!child || child.exitCode !== null || child.signalCode !== null) return done()
    child.once('exit', () => done())
    child.kill('SIGTERM')
  })
}

function freePort(): Promise<number> {
  return new Promise((done, failed) => {
    const probe = createServer()
    probe.once('error', failed)
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() =>
        typeof address === 'object' && address ? done(address.port) : failed(new Error('no port')),
      )
    })
  })
}
