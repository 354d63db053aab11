/** What of the sources of places can be said without a page. */
import type { Source } from '~/api/about'

/** From this age on, too many networks have moved. */
const AMBER_DAYS = 60

export function isOld({ ageDays }: Source): boolean {
  return AMBER_DAYS <= (ageDays ?? 0)
}

/** Everything that rules ask of a source. */
const ASKED = ['country', 'region', 'city', 'timezone', 'coordinates', 'isp', 'asn', 'anonymity']

/** The kinds of facts that no source here tells. */
export function untold(sources: readonly Source[]): string[] {
  const told = new Set(sources.flatMap(source => source.knows))
  return ASKED.filter(field => !told.has(field))
}
