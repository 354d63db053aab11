/** Numbers, versions, shares and networks. */
import { Group, Input, NumberInput, Slider, Textarea, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useFormat } from '~/texts/format'
import { useTexts } from '~/texts/texts'
import type { Field } from '../fields'
import { Chooser } from './Chooser'
import styles from './inputs.module.css'
import { faultOf, readLines } from './networks'
import { useSeen } from './seen'
import { inputTexts } from './texts'
import type { InputProps, Many } from './ValueInput'

interface Props extends InputProps {
  field: Field
  takes: Many
}

/** One text, two from the lowest to the highest, or pills: numbers, and versions such as 17.4. */
export function FigureInput({ field, label, values, takes, onChange, error, link }: Props) {
  const t = useTexts(inputTexts)
  const format = useFormat()
  const seen = useSeen(field.name, link)
  const [first = '', second = ''] = values
  const isVersion = field.kind === 'version'
  const example = isVersion ? t.versionExample : field.example
  const hint = isVersion && /^\d+(\.\d+)?$/.test(first) ? t.versionHint(first) : undefined
  if (takes === 'many') {
    return (
      <Chooser
        label={label}
        values={values}
        many
        error={error}
        placeholder={example}
        options={(seen ?? []).slice(0, 50).map(({ value, clicks }) => ({
          value,
          label: field.name === 'asn' ? `AS${value}` : value,
          note: t.seen(format.number(clicks)),
        }))}
        show={value => ({ value, label: field.name === 'asn' ? `AS${value}` : value })}
        onChange={onChange}
        read={text => ({
          values: text
            .split(/[,;\s]+/)
            .map(piece => bare(field, piece))
            .filter(Boolean),
        })}
      />
    )
  }
  const input = (value: string, name: string, put: (text: string) => void) => (
    <TextInput
      aria-label={name}
      value={value}
      inputMode={isVersion ? 'text' : 'decimal'}
      placeholder={example}
      error={Boolean(error)}
      onChange={event => put(bare(field, event.currentTarget.value))}
    />
  )
  return (
    <Input.Wrapper
      error={error}
      description={hint}
      inputWrapperOrder={['input', 'description', 'error']}
    >
      {takes === 'two' ? (
        <div className={styles.two}>
          {input(first, `${label}, ${t.from}`, text => onChange([text, second]))}
          {input(second, `${label}, ${t.to}`, text => onChange([first, text]))}
        </div>
      ) : (
        input(first, label, text => onChange([text]))
      )}
    </Input.Wrapper>
  )
}

/** `13335` of `AS13335`. */
function bare(field: Field, text: string): string {
  return field.name === 'asn' ? text.trim().replace(/^as/i, '') : text.trim()
}

/** A share of the visitors: how many of a hundred. */
export function PercentileInput({ label, values, takes, onChange, error }: Props) {
  const t = useTexts(inputTexts)
  const figures = values.map(Number).filter(n => !Number.isNaN(n))
  const [first = 0, second = 99] = figures
  const one = (value: number, name: string, put: (n: number) => void) => (
    <Group gap="sm" wrap="nowrap">
      <Slider
        style={{ flex: 1, minWidth: 80 }}
        min={0}
        max={100}
        value={value}
        thumbLabel={name}
        label={n => `${n} %`}
        onChange={put}
      />
      <NumberInput
        w={84}
        min={0}
        max={100}
        aria-label={name}
        suffix=" %"
        value={figures.length === 0 ? '' : value}
        allowDecimal={false}
        clampBehavior="strict"
        onChange={n => n !== '' && put(Number(n))}
      />
    </Group>
  )
  return (
    <Input.Wrapper error={error}>
      {takes === 'two' ? (
        <>
          {one(first, `${label}, ${t.from}`, n =>
            onChange([String(n), String(Math.max(n, second))]),
          )}
          {one(second, `${label}, ${t.to}`, n => onChange([String(Math.min(n, first)), String(n)]))}
        </>
      ) : (
        one(first, label || t.percent, n => onChange([String(n)]))
      )}
    </Input.Wrapper>
  )
}

/** Addresses and networks, one a line. */
export function NetworkInput({ label, values, many, onChange, error }: Props & { many: boolean }) {
  const t = useTexts(inputTexts)
  const [typed, setTyped] = useState<string>()
  const text = typed ?? values.join('\n')
  const wrong = readLines(text)
    .map(line => [line, faultOf(line)] as const)
    .find(([, fault]) => fault !== undefined)
  const fault =
    wrong?.[1] === 'address'
      ? t.noAddress(wrong[0])
      : wrong?.[1]
        ? t.noNetwork(wrong[0], wrong[1].prefix)
        : undefined
  return (
    <Textarea
      aria-label={label}
      placeholder="192.0.2.0/24"
      description={many ? t.networkHint : undefined}
      inputWrapperOrder={['input', 'description', 'error']}
      autosize
      minRows={many ? 2 : 1}
      maxRows={8}
      spellCheck={false}
      classNames={{ input: 'address' }}
      value={text}
      error={fault ?? error}
      onChange={event => {
        const text = event.currentTarget.value
        setTyped(text)
        const lines = readLines(text)
        onChange(many ? lines : lines.slice(0, 1))
      }}
      onBlur={() => setTyped(undefined)}
    />
  )
}
