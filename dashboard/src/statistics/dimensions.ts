/** What clicks are filtered and broken down by: what kind of values each has. */

/** How values are written and chosen. */
export type Kind =
  | 'text'
  | 'country'
  | 'region'
  | 'language'
  | 'link'
  | 'rule'
  | 'variant'
  | 'word'
  | 'flag'

/** `word` has few values, which have names in our texts. */
export const DIMENSIONS: Record<string, { kind: Kind; group: Group }> = {
  country: { kind: 'country', group: 'place' },
  region: { kind: 'region', group: 'place' },
  city: { kind: 'text', group: 'place' },
  language: { kind: 'language', group: 'visitor' },
  device: { kind: 'word', group: 'visitor' },
  os: { kind: 'text', group: 'visitor' },
  osVersion: { kind: 'text', group: 'visitor' },
  browser: { kind: 'text', group: 'visitor' },
  browserVersion: { kind: 'text', group: 'visitor' },
  brand: { kind: 'text', group: 'visitor' },
  returning: { kind: 'flag', group: 'visitor' },
  referrerDomain: { kind: 'text', group: 'source' },
  referrer: { kind: 'text', group: 'source' },
  social: { kind: 'text', group: 'source' },
  utmSource: { kind: 'text', group: 'source' },
  utmMedium: { kind: 'text', group: 'source' },
  utmCampaign: { kind: 'text', group: 'source' },
  utmTerm: { kind: 'text', group: 'source' },
  utmContent: { kind: 'text', group: 'source' },
  qr: { kind: 'flag', group: 'source' },
  link: { kind: 'link', group: 'link' },
  tag: { kind: 'text', group: 'link' },
  domain: { kind: 'text', group: 'link' },
  folder: { kind: 'text', group: 'link' },
  outcome: { kind: 'word', group: 'link' },
  rule: { kind: 'rule', group: 'link' },
  variant: { kind: 'variant', group: 'link' },
  revision: { kind: 'text', group: 'link' },
  isp: { kind: 'text', group: 'network' },
  asn: { kind: 'text', group: 'network' },
  datacenter: { kind: 'flag', group: 'network' },
  vpn: { kind: 'flag', group: 'network' },
  proxy: { kind: 'flag', group: 'network' },
  tor: { kind: 'flag', group: 'network' },
  hour: { kind: 'text', group: 'time' },
  dayOfWeek: { kind: 'word', group: 'time' },
  class: { kind: 'word', group: 'bot' },
  reason: { kind: 'text', group: 'bot' },
}

export type Group = 'place' | 'visitor' | 'source' | 'link' | 'network' | 'time' | 'bot'

export const GROUPS: readonly Group[] = [
  'source',
  'place',
  'visitor',
  'link',
  'network',
  'time',
  'bot',
]

/** The word for what is not known, as the API has it. */
export const UNKNOWN = 'unknown'
