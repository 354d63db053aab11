/** Texts: of a list, of what clicks showed, or free; languages, time zones and patterns. */
import { Autocomplete, TextInput } from '@mantine/core'
import { useMemo } from 'react'
import { useFormat } from '~/texts/format'
import { useTexts } from '~/texts/texts'
import type { Field } from '../fields'
import { Chooser, type Option } from './Chooser'
import { SEEN_DAYS, type Seen, useSeen } from './seen'
import { inputTexts } from './texts'
import type { InputProps } from './ValueInput'

interface WordProps extends InputProps {
  field: Field
}

/** Whole values: chosen from the field's own list and from what was seen, or typed. */
export function WordInput({ field, link, ...props }: WordProps) {
  const t = useTexts(inputTexts)
  const format = useFormat()
  const seen = useSeen(field.name, link)
  const open = field.kind !== 'name' || !CLOSED.includes(field.name)
  const options = useMemo(
    () => offered(field.choices, seen, n => t.seen(format.number(n))),
    [field.choices, seen, format, t],
  )
  return (
    <Chooser
      {...props}
      options={options}
      placeholder={open ? t.textHint : t.choose}
      whole={FREE.includes(field.kind)}
      // A name has many spellings, of which clicks show one.
      description={field.kind === 'name' ? undefined : unseen(props.values, seen, options, t)}
      read={
        open
          ? text => ({
              values: FREE.includes(field.kind)
                ? [text.trim()]
                : text
                    .split(/[,;\n\t]+/)
                    .map(piece => piece.trim())
                    .filter(Boolean),
            })
          : undefined
      }
    />
  )
}

/** Fields whose list the server holds to be whole. */
const CLOSED = ['deviceType', 'connectionType']
/** Kinds whose values may hold commas. */
const FREE = ['text']

function offered(
  choices: readonly string[],
  seen: readonly Seen[] | undefined,
  note: (n: number) => string,
): Option[] {
  const counts = new Map(seen?.map(({ value, clicks }) => [value, clicks]))
  const listed = [...new Set([...(seen?.map(({ value }) => value) ?? []), ...choices])]
  return listed.filter(Boolean).map(value => ({
    value,
    label: value,
    note: counts.has(value) ? note(counts.get(value)!) : undefined,
  }))
}

/** A value that nobody ever clicked with may be a slip of the pen. */
function unseen(
  values: readonly string[],
  seen: readonly Seen[] | undefined,
  options: readonly Option[],
  t: { neverSeen: (words: string, days: number) => string },
): string | undefined {
  if (!seen || seen.length === 0) return undefined
  const known = new Set(options.map(({ value }) => value.toLowerCase()))
  const never = values.filter(value => value && !known.has(value.toLowerCase()))
  return never.length > 0 ? t.neverSeen(never.join(', '), SEEN_DAYS) : undefined
}

/** A piece of a text: what it contains, begins or ends with. */
export function PieceInput({ field, link, label, values, onChange, error }: WordProps) {
  const t = useTexts(inputTexts)
  const seen = useSeen(field.name, link)
  const text = values[0] ?? ''
  return (
    <Autocomplete
      aria-label={label}
      value={text}
      data={[...new Set(seen?.slice(0, 20).map(({ value }) => value))].filter(Boolean)}
      placeholder={t.textHint}
      error={error}
      onChange={text => onChange([text])}
    />
  )
}

/** A regular expression, tried at once on what was seen most. */
export function PatternInput({ field, link, label, values, onChange, error }: WordProps) {
  const t = useTexts(inputTexts)
  const seen = useSeen(field.name, link)?.slice(0, 20) ?? []
  const pattern = values[0] ?? ''
  return (
    <TextInput
      aria-label={label}
      value={pattern}
      placeholder="^news"
      classNames={{ input: 'address' }}
      spellCheck={false}
      error={error}
      description={pattern ? tried(pattern, seen, t) : undefined}
      inputWrapperOrder={['input', 'description', 'error']}
      onChange={event => onChange([event.currentTarget.value])}
    />
  )
}

/** The server's expressions are Rust's; a browser's are near enough to try them. */
function tried(
  pattern: string,
  seen: readonly Seen[],
  t: (typeof inputTexts)['en'],
): string | undefined {
  let expression: RegExp
  try {
    expression = new RegExp(pattern, 'iu')
  } catch {
    return t.badPattern
  }
  if (seen.length === 0) return undefined
  const hits = seen.filter(({ value }) => expression.test(value))
  const sample = hits.slice(0, 3).map(({ value }) => value)
  const counted = t.matchesSome(hits.length, seen.length)
  return sample.length > 0 ? `${counted}: ${sample.join(', ')}` : `${counted}.`
}

const LANGUAGES =
  'ar bg bn ca cs da de de-AT de-CH el en en-GB en-US es es-MX et fa fi fr fr-CA he hi hr hu id it ja ko lt lv ms nb nl pl pt pt-BR ro ru sk sl sr sv ta th tr uk ur vi zh zh-CN zh-TW'.split(
    ' ',
  )

export function LanguageInput({ link, ...props }: InputProps) {
  const t = useTexts(inputTexts)
  const format = useFormat()
  const seen = useSeen('language', link)
  const options = useMemo(
    () =>
      offered(LANGUAGES, seen, n => t.seen(format.number(n))).map(option => ({
        ...option,
        label: format.languageName(option.value),
        note: [option.value, option.note].filter(Boolean).join(' · '),
      })),
    [seen, format, t],
  )
  return (
    <Chooser
      {...props}
      options={options}
      show={tag => ({ value: tag, label: format.languageName(tag), note: tag })}
      read={text => ({
        values: text
          .split(/[,;\s]+/)
          .map(tag => tag.trim())
          .filter(Boolean),
      })}
    />
  )
}

export function ZoneInput(props: InputProps) {
  const options = useMemo(
    () =>
      ['UTC', ...Intl.supportedValuesOf('timeZone')].map(zone => ({
        value: zone,
        label: zone.replaceAll('_', ' '),
      })),
    [],
  )
  return (
    <Chooser
      {...props}
      options={options}
      read={text => ({ values: text.trim() ? [text.trim().replaceAll(' ', '_')] : [] })}
    />
  )
}
