/** The same question asked elsewhere: on the server's command line, or by a script. */
import type { Wire } from '~/visitors/visitor'

/** `waypost explain …`; undefined for a visitor told by facts, whom the command line does not take. */
export function commandOf(shortUrl: string, wire: Wire): string | undefined {
  if (wire.visitor) return undefined
  const query = wire.url?.replace(/^[^?]*/, '') ?? ''
  const words = ['waypost explain', quoted(`${shortUrl}${query}`)]
  if (wire.ip) words.push('--ip', quoted(wire.ip))
  for (const [name, text] of Object.entries(wire.headers ?? {})) {
    if (name.toLowerCase() === 'user-agent') words.push('--user-agent', quoted(text))
    else words.push('--header', quoted(`${name}: ${text}`))
  }
  if (wire.at) words.push('--at', quoted(wire.at))
  return words.join(' ')
}

export function curlOf(origin: string, link: string, wire: object): string {
  return [
    `curl ${quoted(`${origin}/api/v1/links/${link}/explain`)}`,
    `  -H "Authorization: Bearer $WAYPOST_KEY"`,
    `  -H 'Content-Type: application/json'`,
    `  -d ${quoted(JSON.stringify(wire))}`,
  ].join(' \\\n')
}

/** As a shell takes it: bare where nothing in it means anything there. */
function quoted(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`
}
