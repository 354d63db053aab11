/** Destinations as a sentence says them. */

/** `example.com/a` of `https://www.example.com/a`, the middle left out where it is long. */
export function short(url: string, most = 44): string {
  const text = url.replace(/^https?:\/\/(www\.)?/i, '').replace(/\/$/, '')
  if (text.length <= most) return text
  return `${text.slice(0, most - 12)}…${text.slice(-11)}`
}

export function hostOf(url: string): string {
  return /^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i.exec(url)?.[0] ?? url
}

export function pathOf(url: string): string {
  const path = url.slice(hostOf(url).length)
  return path === '/' ? '' : path
}
