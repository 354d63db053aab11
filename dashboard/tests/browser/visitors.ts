/** People who click, by real requests: who they are, a trusted proxy says. */
import { request } from 'node:http'

/** Agents as browsers send them. */
export const AGENTS = {
  iphone:
    'Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.4 Mobile/15E148 Safari/604.1',
  android:
    'Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Mobile Safari/537.36',
  windows:
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36',
  mac: 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.4 Safari/605.1.15',
  googlebot: 'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)',
} as const

/** Addresses in these countries, as the built-in table knows them. */
export const ADDRESSES = {
  US: '8.8.4.4',
  DE: '84.140.0.1',
  AT: '84.113.6.46',
  AR: '181.93.23.59',
} as const

export interface Visit {
  agent?: keyof typeof AGENTS
  address?: keyof typeof ADDRESSES | (string & {})
  referrer?: string
  language?: string
}

/** Where a visitor is sent: status and `Location`. `path` is what follows the host, without `/`. */
export function click(port: number, path: string, visit: Visit = {}) {
  const address = visit.address ?? 'US'
  const headers: Record<string, string> = {
    host: `localhost:${port}`,
    'user-agent': AGENTS[visit.agent ?? 'iphone'],
    'x-forwarded-for': address in ADDRESSES ? ADDRESSES[address as 'US'] : address,
    'accept-language': visit.language ?? 'en-US,en',
    ...(visit.referrer ? { referer: visit.referrer } : {}),
  }
  return new Promise<{ status: number; location: string | undefined }>((done, failed) => {
    const sent = request(
      { host: '127.0.0.1', port, path: `/${path}`, headers, agent: false },
      answer => {
        answer.resume()
        answer.on('end', () =>
          done({ status: answer.statusCode ?? 0, location: answer.headers.location }),
        )
      },
    )
    sent.on('error', failed)
    sent.end()
  })
}
