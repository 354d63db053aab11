/** What values are called: countries, languages, links and rules by their names. */
import { useQueries, useQuery } from '@tanstack/react-query'
import { linkQuery, type Value } from '~/api/statistics'
import { useRegionName } from '~/parts/regions'
import { useFormat } from '~/texts/format'
import { useLanguage, useTexts } from '~/texts/texts'
import { useBoard } from './board'
import { DIMENSIONS, UNKNOWN } from './dimensions'
import { statisticsTexts } from './texts'
import { timeIn } from './times'

/** As filters and addresses write it. */
export function written(value: Value | undefined): string {
  return value === null || value === undefined ? UNKNOWN : String(value)
}

/** Names of a dimension's values; of links only those that are told beforehand are looked up. */
export function useNames(by: string, values: readonly string[]): (value: string) => string {
  const { link } = useBoard()
  const isRule = DIMENSIONS[by]?.kind === 'rule'
  const name = useNamer(DIMENSIONS[by]?.kind === 'link' ? values : [], isRule ? link : undefined)
  return value => name(by, value)
}

/** Names of any values, for which some links are looked up, and the rules of one. */
export function useNamer(
  links: readonly string[],
  ruled: string | undefined,
): (by: string, value: string) => string {
  const t = useTexts(statisticsTexts)
  const format = useFormat()
  const language = useLanguage()
  const slugs = useQueries({
    queries: [...new Set(links)].filter(id => id !== UNKNOWN).map(id => linkQuery(id)),
    combine: found => new Map(found.map(({ data }) => [data?.id, data?.slug])),
  })
  const regionName = useRegionName()
  const rules = useQuery({ ...linkQuery(ruled ?? ''), enabled: ruled !== undefined }).data?.rules

  return (by, value) => {
    if (value === UNKNOWN) {
      if (by === 'rule') return t.everyoneElse
      return by === 'referrerDomain' || by === 'referrer' ? t.noReferrer : t.unknown
    }
    switch (DIMENSIONS[by]?.kind) {
      case 'country':
        return format.country(value)
      case 'region':
        return regionName(value) ?? value
      case 'language':
        return format.languageName(value)
      case 'flag':
        return value === 'true' ? t.yes : t.no
      case 'variant':
        return t.variantName(Number(value) + 1)
      case 'link':
        return slugs.get(value) ?? value
      case 'rule':
        return rules ? (rules.find(rule => rule.id === value)?.name ?? t.deletedRule) : value
      case 'word':
        return by === 'dayOfWeek' ? weekday(Number(value), language) : (t.words[value] ?? value)
      default:
        return by === 'hour' ? `${value}:00` : value
    }
  }
}

/** The name of a day of the week; Monday is 1. */
export function weekday(day: number, language: string, width: 'long' | 'short' = 'long'): string {
  // The 5th of January 2026 was a Monday.
  return timeIn(language, 'UTC', { weekday: width }).format(new Date(Date.UTC(2026, 0, 4 + day)))
}
