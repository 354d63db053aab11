/** Numbers, shares and times as the reader writes them. */
import { useMemo } from 'react'
import { type Language, useLanguage } from './texts'

const ZONE = 'waypost-zone'

export const systemZone = Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC'

/** The zone of charts and times: the chosen one, else the system's. */
export let browserZone = chosenZone() ?? systemZone

/** The zone that the reader chose in the settings; null: the system's. */
export function chosenZone(): string | null {
  try {
    const zone = localStorage.getItem(ZONE)
    return zone !== null && knowsZone(zone) ? zone : null
  } catch {
    return null
  }
}

export function chooseZone(zone: string | null) {
  if (zone !== null && !knowsZone(zone)) return
  browserZone = zone ?? systemZone
  try {
    if (zone === null) localStorage.removeItem(ZONE)
    else localStorage.setItem(ZONE, zone)
  } catch {
    // Storage is turned off: it holds until the page is left.
  }
}

function knowsZone(zone: string): boolean {
  try {
    return Boolean(new Intl.DateTimeFormat('en', { timeZone: zone }))
  } catch {
    return false
  }
}

export interface Format {
  /** 10,311 */
  number(n: number): string
  /** 10.3K, for narrow places; the full number belongs in its `title`. */
  short(n: number): string
  /** 0.123 as 12 %; less than one in a hundred keeps a digit. */
  share(part: number): string
  /** 0.12 as +12 %. */
  change(part: number): string
  /** 22 Nov 2026, 14:03 */
  time(iso: string, zone?: string): string
  /** 22 Nov 2026 */
  date(iso: string, zone?: string): string
  /** in 3 days, 2 hours ago */
  relative(iso: string, now?: number): string
  /** Germany for DE; the code itself where nobody knows it. */
  country(code: string): string
  /** German for de-AT. */
  languageName(code: string): string
}

const made = new Map<Language, Format>()

export function formatOf(language: Language): Format {
  const known = made.get(language)
  if (known) return known
  const format = make(language)
  made.set(language, format)
  return format
}

export function useFormat(): Format {
  const language = useLanguage()
  return useMemo(() => formatOf(language), [language])
}

const SPANS: [Intl.RelativeTimeFormatUnit, number][] = [
  ['year', 31_557_600],
  ['month', 2_629_800],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
  ['second', 1],
]

function make(language: Language): Format {
  const locale =
    language === 'en' ? (navigator.languages.find(it => it.startsWith('en')) ?? 'en') : language
  const number = new Intl.NumberFormat(locale)
  const short = new Intl.NumberFormat(locale, { notation: 'compact', maximumFractionDigits: 1 })
  const whole = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 0 })
  const fine = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 1 })
  const signed = new Intl.NumberFormat(locale, {
    style: 'percent',
    maximumFractionDigits: 0,
    signDisplay: 'exceptZero',
  })
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' })
  const countries = new Intl.DisplayNames(locale, { type: 'region', fallback: 'code' })
  const languages = new Intl.DisplayNames(locale, { type: 'language', fallback: 'code' })
  const named = (names: Intl.DisplayNames, code: string) => {
    try {
      return names.of(code) ?? code
    } catch {
      return code
    }
  }
  return {
    number: n => number.format(n),
    short: n => short.format(n),
    share: part => (part < 0.01 ? fine : whole).format(part),
    change: part => signed.format(part),
    time: (iso, zone = browserZone) =>
      new Date(iso).toLocaleString(locale, {
        dateStyle: 'medium',
        timeStyle: 'short',
        timeZone: zone,
      }),
    date: (iso, zone = browserZone) =>
      new Date(iso).toLocaleDateString(locale, { dateStyle: 'medium', timeZone: zone }),
    relative: (iso, now = Date.now()) => {
      const seconds = (new Date(iso).getTime() - now) / 1000
      const [unit, length] = SPANS.find(([, length]) => length <= Math.abs(seconds)) ?? [
        'second',
        1,
      ]
      return relative.format(Math.round(seconds / length), unit)
    },
    country: code => named(countries, code),
    languageName: code => named(languages, code),
  }
}
