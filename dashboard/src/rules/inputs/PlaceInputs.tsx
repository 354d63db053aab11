/** Countries, regions and continents: with flags and codes, by name, and pasted as a list. */
import { useQuery } from '@tanstack/react-query'
import { Suspense, useMemo } from 'react'
import { Flag } from '~/parts/Flag'
import { regionsQuery } from '~/parts/regions'
import { useFormat } from '~/texts/format'
import { useLanguage, useTexts } from '~/texts/texts'
import { COUNTRIES, GROUPS, readCountries } from '../countries'
import { Chooser, type Option } from './Chooser'
import { useSeen } from './seen'
import { inputTexts } from './texts'
import type { InputProps } from './ValueInput'

const flag = (code: string) => (
  <Suspense fallback={null}>
    <Flag country={code} />
  </Suspense>
)

export function CountryInput({ link, ...props }: InputProps) {
  const t = useTexts(inputTexts)
  const format = useFormat()
  const language = useLanguage()
  const seen = useSeen('country', link)
  const options = useMemo(() => {
    const counts = new Map(seen?.map(({ value, clicks }) => [value, clicks]))
    const countries = COUNTRIES.map(
      (code): Option => ({
        value: code,
        label: format.country(code),
        note: counts.has(code) ? `${code} · ${t.seen(format.number(counts.get(code)!))}` : code,
        icon: flag(code),
        words: readable(code),
      }),
    )
    // Those that clicked come first: they are the ones that are looked for.
    countries.sort(
      (a, b) =>
        (counts.get(b.value) ?? 0) - (counts.get(a.value) ?? 0) || a.label.localeCompare(b.label),
    )
    const groups = Object.entries(GROUPS).map(
      ([name, members]): Option => ({
        value: `group:${name}`,
        label: name,
        note: t.groupOf(members.length),
        members,
      }),
    )
    return props.many ? [...groups, ...countries] : countries
  }, [format, seen, t, props.many])
  return (
    <Chooser
      {...props}
      options={options}
      placeholder={t.countryHint}
      show={code => ({
        value: code,
        label: format.country(code.toUpperCase()),
        icon: flag(code),
        note: code,
      })}
      read={text => {
        const { codes, unknown } = readCountries(text, [language])
        const rest = unknown.join(', ')
        return { values: codes, rest, problem: rest ? t.noCountry(rest) : undefined }
      }}
    />
  )
}

const SPOKEN: Record<string, string> = { GB: 'uk great britain england', US: 'usa america' }
const readable = (code: string) => SPOKEN[code] ?? ''

interface RegionProps extends InputProps {
  /** The countries that are asked for beside it; theirs come first, or alone. */
  countries?: readonly string[]
}

export function RegionInput({ link, countries = [], ...props }: RegionProps) {
  const t = useTexts(inputTexts)
  const format = useFormat()
  const { data: regions } = useQuery(regionsQuery)
  const seen = useSeen('region', link)
  const only = countries.join()
  const options = useMemo(() => {
    const within = only.split(',').filter(Boolean)
    const counts = new Map(seen?.map(({ value, clicks }) => [value, clicks]))
    const here = (code: string) => within.length === 0 || within.includes(code.slice(0, 2))
    return [...(regions ?? [])]
      .filter(([code]) => here(code))
      .map(
        ([code, name]): Option => ({
          value: code,
          label: name,
          icon: flag(code.slice(0, 2)),
          note: counts.has(code) ? `${code} · ${t.seen(format.number(counts.get(code)!))}` : code,
          words: format.country(code.slice(0, 2)),
        }),
      )
      .sort((a, b) => (counts.get(b.value) ?? 0) - (counts.get(a.value) ?? 0))
  }, [regions, seen, only, format, t])
  const find = (text: string) => {
    const word = text.trim().toLowerCase()
    return options.find(
      ({ value, label }) =>
        value.toLowerCase() === word ||
        label.toLowerCase() === word ||
        (only && value.slice(3).toLowerCase() === word),
    )
  }
  return (
    <Chooser
      {...props}
      options={options}
      placeholder={t.regionHint}
      show={code => {
        const whole = [code, `${countries.length === 1 ? countries[0] : ''}-${code.toUpperCase()}`]
        const known = whole.find(code => regions?.has(code))
        return known
          ? {
              value: code,
              label: regions?.get(known) ?? code,
              note: known,
              icon: flag(known.slice(0, 2)),
            }
          : { value: code, label: code }
      }}
      read={text => {
        const pieces = text.split(/[,;\n\t]+/).map(piece => piece.trim())
        // A code that stands in no list is the server's to judge.
        const meant = (piece: string) =>
          find(piece)?.value ??
          (/^([a-z]{2}-)?[a-z0-9]{1,3}$/i.test(piece) ? piece.toUpperCase() : '')
        const wrong = pieces.filter(piece => piece && !meant(piece)).join(', ')
        return {
          values: pieces.map(meant).filter(Boolean),
          rest: wrong,
          problem: wrong ? t.noRegion(wrong) : undefined,
        }
      }}
    />
  )
}
