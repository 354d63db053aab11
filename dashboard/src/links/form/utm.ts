/** The UTM parameters of a destination, apart from it and put back, all else left as it is written. */

export const UTM = ['source', 'medium', 'campaign', 'term', 'content'] as const
export type Utm = Record<(typeof UTM)[number], string>

/** What stands in the query as `utm_source=…` and the like; the first where there are several. */
export function splitUtm(destination: string): Utm {
  const found: Utm = { source: '', medium: '', campaign: '', term: '', content: '' }
  for (const { name, value } of parametersOf(destination)) {
    const part = partOf(name)
    if (part && found[part] === '') found[part] = value
  }
  return found
}

/**
 * The destination with one of its UTM parameters as `value`, or without it.
 *
 * Works on the text, for what is no UTM parameter may hold slots such as `{country}`, which a URL's
 * own parser would encode.
 */
export function joinUtm(destination: string, part: keyof Utm, value: string): string {
  const { before, query, after } = cut(destination)
  const kept = query.split('&').filter(pair => pair !== '')
  const written = value === '' ? null : `utm_${part}=${encoded(value)}`
  const at = kept.findIndex(pair => partOf(nameOf(pair)) === part)
  const others = kept.filter(pair => partOf(nameOf(pair)) !== part)
  if (written !== null) others.splice(at < 0 ? others.length : at, 0, written)
  return before + (0 < others.length ? `?${others.join('&')}` : '') + after
}

function parametersOf(destination: string) {
  return cut(destination)
    .query.split('&')
    .map(pair => ({
      name: nameOf(pair),
      value: decoded(pair.includes('=') ? pair.slice(pair.indexOf('=') + 1) : ''),
    }))
}

/** What is before the query, the query without its mark, and what is after it. */
function cut(destination: string) {
  const hash = destination.indexOf('#')
  const after = hash < 0 ? '' : destination.slice(hash)
  const address = hash < 0 ? destination : destination.slice(0, hash)
  const mark = address.indexOf('?')
  return mark < 0
    ? { before: address, query: '', after }
    : { before: address.slice(0, mark), query: address.slice(mark + 1), after }
}

function nameOf(pair: string): string {
  return decoded(pair.split('=', 1)[0] ?? '')
}

function partOf(name: string): keyof Utm | undefined {
  return UTM.find(part => name.toLowerCase() === `utm_${part}`)
}

/** Slots are kept as they are typed: `utm_source={referrerDomain}` is filled in for each visitor. */
function encoded(value: string): string {
  return value
    .split(/(\{[^{}]*\})/)
    .map(piece => (/^\{.*\}$/.test(piece) ? piece : encodeURIComponent(piece)))
    .join('')
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text.replace(/\+/g, ' '))
  } catch {
    return text
  }
}
