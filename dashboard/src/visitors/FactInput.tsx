/** One fact of a visitor, with the input that fits what it is. */
import {
  ActionIcon,
  Autocomplete,
  Group,
  SegmentedControl,
  Select,
  TextInput,
  Tooltip,
} from '@mantine/core'
import { IconQuestionMark } from '@tabler/icons-react'
import { Suspense, useId, useState } from 'react'
import { Flag } from '~/parts/Flag'
import { COUNTRIES } from '~/rules/countries'
import { type Field, fieldOf } from '~/rules/fields'
import { useSeen } from '~/rules/inputs/seen'
import { useVocabulary } from '~/rules/vocabulary'
import { useFormat } from '~/texts/format'
import { useTexts } from '~/texts/texts'
import { sentBy } from './sent'
import { visitorsTexts } from './texts'
import styles from './Visitor.module.css'

interface Props {
  name: string
  /** Undefined where nothing is said, null where it is said to be unknown. */
  value: string | null | undefined
  onChange: (value: string | null | undefined) => void
  /** What the server finds wrong with it. */
  error?: string
}

export function FactInput({ name, value, onChange, error }: Props) {
  const t = useTexts(visitorsTexts).form
  const vocabulary = useVocabulary()
  const id = useId()
  const field = fieldOf(vocabulary, name)
  if (!field) return null
  const label = field.parameter ? `${field.label} ${field.parameter}` : field.label
  const isSent = sentBy(vocabulary)(name)
  const shared = { id, label, error, title: field.help, size: 'sm' } as const
  const said = value ?? ''
  const placeholder = value === null || !isSent ? t.unknown : t.none
  // Taking back what was said leaves a fact unknown, or, where it is sent, empty.
  const change = (text: string | null) => onChange(text || undefined)

  if (field.kind === 'flag') {
    return <FlagInput field={field} label={label} value={value} onChange={onChange} />
  }
  if (field.kind === 'country') {
    return <CountryInput {...shared} value={said} placeholder={placeholder} onChange={change} />
  }
  if (field.kind === 'continent') {
    return (
      <Select
        {...shared}
        data={field.choices}
        value={said || null}
        placeholder={placeholder}
        clearable
        onChange={change}
      />
    )
  }
  const isUnknown = isSent && value === null
  return (
    <Group
      gap={4}
      align="flex-end"
      wrap="nowrap"
      className={isUnknown ? styles.unknown : undefined}
    >
      <TextualInput
        {...shared}
        field={field}
        value={said}
        placeholder={placeholder}
        onChange={change}
      />
      {isSent && (
        <Tooltip label={isUnknown ? t.isUnknown : t.setUnknown(label)}>
          <ActionIcon
            variant={isUnknown ? 'light' : 'subtle'}
            size={36}
            color={isUnknown ? 'yellow' : 'gray'}
            aria-label={t.setUnknown(label)}
            aria-pressed={isUnknown}
            onClick={() => onChange(isUnknown ? undefined : null)}
          >
            <IconQuestionMark size={16} />
          </ActionIcon>
        </Tooltip>
      )}
    </Group>
  )
}

interface Shared {
  id: string
  label: string
  error?: string
  title: string
  size: 'sm'
  value: string
  placeholder: string
  onChange: (text: string | null) => void
}

/** Free text, with what the vocabulary or past clicks know of it. */
function TextualInput({ field, onChange, ...shared }: Shared & { field: Field }) {
  const [focused, setFocused] = useState(false)
  const isOpen = field.choices.length === 0
  const seen = useSeen(field.name, undefined, focused && isOpen)
  const choices = isOpen ? (seen ?? []).map(({ value }) => value) : field.choices
  const numeric = field.kind === 'number' && field.name === 'percentile'
  if (numeric) {
    return (
      <TextInput
        {...shared}
        type="number"
        min={0}
        max={99}
        flex={1}
        onChange={event => onChange(event.currentTarget.value)}
      />
    )
  }
  return (
    <Autocomplete
      {...shared}
      flex={1}
      data={choices}
      limit={12}
      placeholder={shared.value ? undefined : `${shared.placeholder}`}
      autoComplete="off"
      onFocus={() => setFocused(true)}
      onChange={onChange}
    />
  )
}

function CountryInput({ onChange, value, ...shared }: Shared) {
  const format = useFormat()
  const codes = value && !COUNTRIES.includes(value) ? [value, ...COUNTRIES] : COUNTRIES
  return (
    <Select
      {...shared}
      data={codes.map(code => ({ value: code, label: `${format.country(code)} (${code})` }))}
      value={value || null}
      searchable
      clearable
      limit={40}
      leftSection={
        value && (
          <Suspense fallback={null}>
            <Flag country={value} />
          </Suspense>
        )
      }
      renderOption={({ option }) => (
        <Group gap="sm" wrap="nowrap">
          <Suspense fallback={null}>
            <Flag country={option.value} />
          </Suspense>
          <span>{option.label}</span>
        </Group>
      )}
      onChange={onChange}
    />
  )
}

function FlagInput({
  field,
  label,
  value,
  onChange,
}: { field: Field; label: string } & Pick<Props, 'value' | 'onChange'>) {
  const t = useTexts(visitorsTexts).form
  const id = useId()
  const isNew = field.name === 'isNewVisitor'
  return (
    <fieldset className={styles.field} title={field.help}>
      <legend id={id}>{label}</legend>
      <SegmentedControl
        fullWidth
        size="xs"
        aria-labelledby={id}
        data={[
          { value: 'true', label: isNew ? t.isNew : t.yes },
          { value: 'false', label: isNew ? t.isBack : t.no },
          { value: '', label: t.unknown },
        ]}
        value={value ?? ''}
        onChange={next => onChange(next || null)}
      />
    </fieldset>
  )
}
