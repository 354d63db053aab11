/**
 * A visitor to try links with: told by facts, or by the request that they would send.
 *
 * What a fact is not said to be is unknown. Text of the request (a referrer, a parameter, a header)
 * is different: whoever says nothing of it means that none is sent, so it is told as empty.
 */
import type { Schemas } from '~/api/client'

/** By field; null is said to be unknown. */
export type Facts = Readonly<Record<string, string | null>>

export interface Described {
  facts: Facts
  /** The moment of the click in ISO 8601; now, unless it is said. */
  at?: string
}

export interface Request {
  ip: string
  /** In the order in which they were written. */
  headers: readonly (readonly [name: string, text: string])[]
  /** The query of the clicked address, with its `?`. */
  url: string
  at?: string
}

export type Visitor = Described | Request
export type Wire = Schemas['Visitor']

export const isDescribed = (visitor: Visitor): visitor is Described => 'facts' in visitor
export const nobody: Described = { facts: {} }

/** Fields that the request itself tells as text: empty where it does not. */
export type IsSent = (field: string) => boolean

/** What the API takes; `asked` are the fields that matter, of which those that are sent are empty. */
export function wireOf(visitor: Visitor, asked: Iterable<string>, isSent: IsSent): Wire {
  const at = visitor.at ? { at: visitor.at } : {}
  if (!isDescribed(visitor)) {
    const wire: Wire = { ...at, headers: Object.fromEntries(visitor.headers) }
    if (visitor.ip.trim()) wire.ip = visitor.ip.trim()
    if (visitor.url.trim()) wire.url = visitor.url.trim()
    return wire
  }
  const silent = [...asked].filter(field => isSent(field)).map(field => [field, ''] as const)
  return { ...at, visitor: { ...Object.fromEntries(silent), ...visitor.facts } }
}

/** The visitor of a saved test, of a past click or of a pasted JSON. */
export function visitorOf(wire: Partial<Wire>): Visitor {
  const at = wire.at ? { at: wire.at } : {}
  if (wire.visitor) {
    const facts = Object.entries(wire.visitor).map(([field, value]) =>
      newOrBack(field, told(value)),
    )
    return { ...at, facts: Object.fromEntries(facts) }
  }
  const headers = Object.entries(wire.headers ?? {})
  if (wire.userAgent) headers.push(['user-agent', wire.userAgent])
  return { ...at, ip: wire.ip ?? '', headers, url: wire.url ?? '' }
}

/** Facts are written as text in the API too: `true`, `17.4`, `US`. */
function told(value: unknown): string | null {
  if (value === null || value === undefined) return null
  return Array.isArray(value) ? value.join(',') : String(value)
}

/** Two names of one fact: who is not new is back. */
function newOrBack(field: string, value: string | null): [field: string, value: string | null] {
  if (field !== 'isReturning') return [field, value]
  const turned = value === 'true' ? 'false' : value === 'false' ? 'true' : value
  return ['isNewVisitor', turned]
}

/** The same visitor with another fact; undefined takes it away. */
export function stated(visitor: Described, field: string, value: string | null | undefined) {
  const { [field]: _, ...rest } = visitor.facts
  return { ...visitor, facts: value === undefined ? rest : { ...rest, [field]: value } }
}

/** What is said of a visitor, for people and in few words: `US · mobile · iOS 17.4`. */
export function summary(visitor: Visitor, most = 4): string {
  if (!isDescribed(visitor)) {
    const agent = visitor.headers.find(([name]) => name.toLowerCase() === 'user-agent')?.[1]
    return [visitor.ip, agent, visitor.url].filter(Boolean).join(' · ')
  }
  const { facts } = visitor
  const versions: Record<string, string> = { os: 'osVersion', browser: 'browserVersion' }
  const said = ORDER.filter(field => facts[field])
  const others = Object.keys(facts).filter(field => facts[field] && !KNOWN.has(field))
  const words = [
    ...said.map(field => [facts[field], facts[versions[field] ?? '']].filter(Boolean).join(' ')),
    ...others.map(field => `${field} ${facts[field]}`),
  ]
  return words.slice(0, most).join(' · ')
}

/** The facts that tell most of somebody, first. */
const ORDER = [
  'city',
  'region',
  'country',
  'deviceType',
  'os',
  'browser',
  'language',
  'referrerDomain',
]
const KNOWN = new Set([...ORDER, 'osVersion', 'browserVersion', 'continent', 'deviceBrand'])
