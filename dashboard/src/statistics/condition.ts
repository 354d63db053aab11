/** Filters as the condition of a rule, so that those who are looked at can be sent elsewhere. */
import type { Test, When } from '~/rules/tree'
import { DIMENSIONS, UNKNOWN } from './dimensions'
import type { Filter } from './question'

/** What a rule can ask, by dimension. Hours and days are not: here they are the reader's. */
const FIELDS: Record<string, string> = {
  country: 'country',
  region: 'region',
  city: 'city',
  language: 'language',
  device: 'deviceType',
  os: 'os',
  osVersion: 'osVersion',
  browser: 'browser',
  browserVersion: 'browserVersion',
  brand: 'deviceBrand',
  returning: 'isReturning',
  referrerDomain: 'referrerDomain',
  referrer: 'referrer',
  utmSource: 'utmSource',
  utmMedium: 'utmMedium',
  utmCampaign: 'utmCampaign',
  utmTerm: 'utmTerm',
  utmContent: 'utmContent',
  isp: 'isp',
  asn: 'asn',
  datacenter: 'datacenter',
  vpn: 'vpn',
  proxy: 'proxy',
  tor: 'tor',
}

/** The condition that all filters make; `left` are those that no rule can ask. */
export function conditionOf(filters: readonly Filter[]): {
  when: When | undefined
  left: Filter[]
} {
  const asked = filters.filter(({ by }) => by in FIELDS)
  const parts = asked.map(partOf)
  return {
    when: parts.length > 0 ? { all: parts } : undefined,
    left: filters.filter(({ by }) => !(by in FIELDS)),
  }
}

function partOf({ by, values, not }: Filter): When {
  const field = FIELDS[by] ?? by
  const known = values.filter(value => value !== UNKNOWN)
  const unknown: When[] = known.length < values.length ? [nobodyKnows(field)] : []
  const some: When[] = known.length > 0 ? [oneOf(by, field, known)] : []
  const parts = [...some, ...unknown]
  const [only] = parts
  const part: When = parts.length === 1 && only ? only : { any: parts }
  return not ? { not: part } : part
}

function oneOf(by: string, field: string, values: readonly string[]): When {
  if (DIMENSIONS[by]?.kind === 'flag') {
    const tests = values.map(
      (value): Test => ({ field, operator: value === 'true' ? 'is_true' : 'is_false' }),
    )
    const [only] = tests
    return tests.length === 1 && only ? only : { any: tests }
  }
  const said = by === 'asn' ? values.map(Number) : values
  const [only] = said
  return said.length === 1
    ? { field, operator: 'equals', value: only }
    : { field, operator: 'in', value: [...said] }
}

function nobodyKnows(field: string): When {
  // Who typed the address has a referrer, which is empty.
  if (field.startsWith('referrer')) return { field, operator: 'equals', value: '' }
  return { not: { field, operator: 'exists' } }
}
