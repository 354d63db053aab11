/** The right input for the values of a field: what a condition is compared with, or a visitor has. */
import { NativeSelect } from '@mantine/core'
import type { ReactNode } from 'react'
import { useTexts } from '~/texts/texts'
import { type Field, valuesOf } from '../fields'
import type { Test } from '../tree'
import { useSpeaker } from '../vocabulary'
import { Chooser } from './Chooser'
import { DateInput, DayInput, HourInput, TimeInput } from './ClockInputs'
import { FigureInput, NetworkInput, PercentileInput } from './NumberInputs'
import { CountryInput, RegionInput } from './PlaceInputs'
import { inputTexts } from './texts'
import { LanguageInput, PatternInput, PieceInput, WordInput, ZoneInput } from './WordInputs'

/** How many values are wanted. */
export type Many = 'one' | 'two' | 'many'

/** What every input of values takes: values are texts, whatever they are in JSON. */
export interface InputProps {
  label: string
  values: readonly string[]
  many: boolean
  onChange: (values: string[]) => void
  /** The link whose clicks suggest values; none: those of all links. */
  link?: string
  error?: ReactNode
}

interface Props {
  field: Field
  /** `none`, `one`, `two` or `many`, as the operator says. */
  takes: string
  /** `matches`, `contains` and the like want a piece of a text, not a whole one. */
  operator?: string
  value: unknown
  onChange: (value: unknown) => void
  label?: string
  link?: string
  error?: ReactNode
  /** What is asked for beside it: a region follows the country. */
  given?: readonly Test[]
}

export function ValueInput(props: Props) {
  const { field, takes, operator = 'equals', value, onChange, link, error } = props
  const t = useTexts(inputTexts)
  if (takes === 'none') return null
  const many = takes === 'many'
  const input = {
    label: props.label ?? `${field.label}, ${t.value}`,
    values: valuesOf(value),
    many,
    takes: takes as Many,
    link,
    error,
    field,
    onChange: (values: string[]) => onChange(written(field, takes, values)),
  }
  if (['contains', 'not_contains', 'starts_with', 'ends_with'].includes(operator)) {
    return <PieceInput {...input} />
  }
  if (operator === 'matches') return <PatternInput {...input} />
  switch (field.name) {
    case 'timezone':
      return <ZoneInput {...input} />
    case 'hour':
      return <HourInput {...input} />
    case 'time':
      return <TimeInput {...input} />
    case 'dayOfWeek':
      return <DayInput {...input} />
    case 'percentile':
      return many ? <FigureInput {...input} /> : <PercentileInput {...input} />
  }
  switch (field.kind) {
    case 'country':
      return <CountryInput {...input} />
    case 'region':
      return <RegionInput {...input} countries={countriesOf(props.given)} />
    case 'continent':
      return <ContinentInput {...input} />
    case 'language':
      return <LanguageInput {...input} />
    case 'flag':
      return <FlagInput {...input} />
    case 'date':
      return <DateInput {...input} />
    case 'address':
      return <NetworkInput {...input} />
    case 'number':
    case 'version':
      return <FigureInput {...input} />
    default:
      return <WordInput {...input} />
  }
}

/** Values as JSON has them: numbers for what is counted, as many as the operator takes. */
function written(field: Field, takes: string, values: readonly string[]): unknown {
  const json = values.map(value =>
    COUNTED.includes(field.name) && /^\d+$/.test(value) ? Number(value) : value,
  )
  if (takes === 'many') return json
  if (takes === 'two') return [json[0] ?? '', json[1] ?? '']
  return json[0] ?? ''
}

const COUNTED = ['hour', 'dayOfWeek', 'percentile', 'asn']

function countriesOf(given: readonly Test[] = []): string[] {
  const asked = given.find(
    ({ field, operator }) => field === 'country' && ['equals', 'in'].includes(operator),
  )
  return asked ? valuesOf(asked.value).map(code => code.toUpperCase()) : []
}

function ContinentInput({ field, ...props }: InputProps & { field: Field }) {
  const { grammar } = useSpeaker()
  return (
    <Chooser
      {...props}
      options={field.choices.map(code => ({
        value: code,
        label: grammar.values.continent?.[code] ?? code,
        note: code,
      }))}
    />
  )
}

function FlagInput({ label, values, many, onChange, error }: InputProps) {
  const t = useTexts(inputTexts)
  if (many) {
    const options = ['true', 'false'].map(value => ({ value, label: value }))
    return <Chooser {...{ label, values, many, onChange, error, options }} />
  }
  return (
    <NativeSelect
      aria-label={label}
      value={values[0] ?? ''}
      error={error}
      data={[{ value: '', label: t.choose }, 'true', 'false']}
      onChange={event => onChange([event.currentTarget.value])}
    />
  )
}
