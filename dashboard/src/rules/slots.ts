/** Slots of destinations such as `{country}`: what a visitor of an example would get. */

const SLOT = /\{([a-zA-Z][\w.-]*)\}/g

/** Values to show a template with, where clicks tell none. */
const EXAMPLES: Record<string, string> = {
  country: 'US',
  region: 'US-NY',
  city: 'Berlin',
  continent: 'EU',
  language: 'en',
  deviceType: 'mobile',
  os: 'iOS',
  browser: 'Safari',
  utmSource: 'newsletter',
  utmMedium: 'email',
  utmCampaign: 'spring',
}

/** The names in braces, each once. */
export function slotsOf(url: string): string[] {
  return [...new Set([...url.matchAll(SLOT)].map(([, name]) => name!))]
}

/** The address with its slots filled, each encoded as the server encodes it; and with what. */
export function filled(url: string): { url: string; values: string[] } | undefined {
  const slots = slotsOf(url)
  if (slots.length === 0) return undefined
  const shownAs = (name: string) => EXAMPLES[name] ?? name.split('.').at(-1)!
  return {
    url: url.replace(SLOT, (_, name: string) => encodeURIComponent(shownAs(name))),
    values: slots.map(shownAs),
  }
}
