/**
 * A visitor as parameters of the page's address, so that a tried case is a link to send around:
 * `?country=US&os=iOS`, or `?request.ip=203.0.113.7&request.user-agent=curl`.
 */
import { type Described, isDescribed, type Visitor } from './visitor'

type Search = Readonly<Record<string, string | undefined>>

/** Parameters that the page keeps for itself; no field is called so. */
export const OWN = ['click', 'against', 'show', 'test', 'saved'] as const

const REQUEST = 'request.'
/** A fact that is said to be unknown, and one that is said to be empty: addresses drop empty texts. */
const UNKNOWN = '?'
const EMPTY = '∅'

export function searchOf(visitor: Visitor): Record<string, string> {
  const search: Record<string, string> = visitor.at ? { at: visitor.at } : {}
  if (isDescribed(visitor)) {
    for (const [field, value] of Object.entries(visitor.facts)) {
      search[field] = value === null ? UNKNOWN : value === '' ? EMPTY : value
    }
    return search
  }
  search[`${REQUEST}ip`] = visitor.ip || EMPTY
  if (visitor.url) search[`${REQUEST}url`] = visitor.url
  for (const [name, text] of visitor.headers) {
    if (name) search[`${REQUEST}header.${name}`] = text || EMPTY
  }
  return search
}

/** The visitor that an address tells of; undefined where it tells of none. */
export function visitorIn(search: Search): Visitor | undefined {
  const at = search.at ? { at: search.at } : {}
  const own = new Set<string>(['at', ...OWN])
  const said = Object.entries(search).filter(([key, value]) => !own.has(key) && value)
  if (said.length === 0) return undefined
  const text = (value: string | undefined) => (value === EMPTY ? '' : (value ?? ''))
  if (said.some(([key]) => key.startsWith(REQUEST))) {
    const prefix = `${REQUEST}header.`
    const headers = said.filter(([key]) => key.startsWith(prefix))
    return {
      ...at,
      ip: text(search[`${REQUEST}ip`]),
      url: text(search[`${REQUEST}url`]),
      headers: headers.map(([key, value]) => [key.slice(prefix.length), text(value)] as const),
    }
  }
  const facts = said.map(([field, value]) => [field, value === UNKNOWN ? null : text(value)])
  return { ...at, facts: Object.fromEntries(facts) } satisfies Described
}
