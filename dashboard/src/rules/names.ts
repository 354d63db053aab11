/** What the values of conditions are called: countries and their groups, languages, networks, dates. */
import { grouped } from './countries'
import type { Grammar } from './grammar'

/** How many values a sentence names. */
const MOST_VALUES = 5

export class Names {
  private readonly grammar: Grammar
  private readonly regionName: (code: string) => string | undefined
  private readonly countries: Intl.DisplayNames
  private readonly languages: Intl.DisplayNames

  constructor(grammar: Grammar, regionName: (code: string) => string | undefined) {
    this.grammar = grammar
    this.regionName = regionName
    this.countries = new Intl.DisplayNames(grammar.locale, { type: 'region', fallback: 'code' })
    this.languages = new Intl.DisplayNames(grammar.locale, { type: 'language', fallback: 'code' })
  }

  /** The values of a field, each by its name; countries that make a group are one. */
  of(field: string, values: readonly string[]): string[] {
    return field === 'country' ? this.ofCountries(values) : values.map(it => this.ofOne(field, it))
  }

  /** Names one after another: "the US or Canada"; of many only the first. */
  list(names: readonly string[]): string {
    const { grammar } = this
    if (names.length === 0) return grammar.missing
    const more = names.length - MOST_VALUES
    // One more would be as short as "1 more".
    if (more < 2) return grammar.or(names.map(name => name || '""'))
    return grammar.or([...names.slice(0, MOST_VALUES), grammar.more(more)])
  }

  private ofCountries(values: readonly string[]): string[] {
    const { grammar } = this
    const { groups, codes } = grouped(values.map(code => code.trim().toUpperCase()))
    const one = (code: string) =>
      grammar.countries[code] ?? grammar.groups[code] ?? named(this.countries, code)
    return [...groups.map(group => grammar.groups[group] ?? group), ...codes.map(one)]
  }

  private ofOne(field: string, value: string): string {
    const known = this.grammar.values[field]?.[field === 'continent' ? value.toUpperCase() : value]
    if (known) return known
    if (field === 'region') return this.regionName(value.toUpperCase()) ?? value
    if (field === 'language') return named(this.languages, value)
    if (field === 'asn') return /^\d+$/.test(value) ? `AS${value}` : value
    if (field === 'date') return dated(value, this.grammar.locale)
    return value
  }
}

/** iPhone or iPad, which is how people call them. */
export function apples(systems: readonly string[]): readonly string[] {
  if (!systems.includes('iOS') || !systems.includes('iPadOS')) return systems
  return ['iPhone', 'iPad', ...systems.filter(system => system !== 'iOS' && system !== 'iPadOS')]
}

function named(names: Intl.DisplayNames, code: string): string {
  try {
    return names.of(code) ?? code
  } catch {
    return code
  }
}

function dated(value: string, locale: string): string {
  const date = new Date(`${value}T00:00:00Z`)
  if (Number.isNaN(date.getTime())) return value
  return date.toLocaleDateString(locale, { dateStyle: 'medium', timeZone: 'UTC' })
}
