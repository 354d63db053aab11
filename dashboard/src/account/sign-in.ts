/** What of signing in can be said without a page. */
import { Problem } from '~/api/problem'

/** Whether the password was right and the second factor is asked for. */
export function wantsCode(error: unknown): boolean {
  return error instanceof Problem && error.status === 401 && /code/.test(error.body.type ?? '')
}

/**
 * The page to go on to, of what an address asked for: one of ours, whatever somebody wrote into the
 * link that they sent. The router adds `/app` itself.
 */
export function inside(next: string | undefined): string {
  const path = (next ?? '').replace(/^\/app(?=\/|$)/, '')
  // Browsers read a backslash as a slash, so `/\host` would be another host as `//host` is.
  return /^\/(?![/\\])/.test(path) && !path.startsWith('/sign-in') ? path : '/links'
}

/** Where the way to who vouches for somebody begins; it leads back to what they asked for. */
export function startOf(start: string, next: string | undefined): string {
  return next ? `${start}?${new URLSearchParams({ next: `/app${inside(next)}` })}` : start
}
