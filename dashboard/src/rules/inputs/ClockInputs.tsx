/** Hours, days, times of day and dates. */
import { Input, Stack, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useTexts } from '~/texts/texts'
import { dayOf, minuteOf, timeOf } from '../clock'
import { Cells } from './Cells'
import { readHours, writeHours } from './hours'
import styles from './inputs.module.css'
import { inputTexts } from './texts'
import type { InputProps, Many } from './ValueInput'

interface ClockProps extends Omit<InputProps, 'many'> {
  takes: Many
}

/** The hours of the day as cells, and as text. */
export function HourInput({ label, values, takes, onChange, error }: ClockProps) {
  const t = useTexts(inputTexts)
  const [typed, setTyped] = useState<string>()
  const hours = values.filter(value => /^\d{1,2}$/.test(value)).map(Number)
  const [low = -1, high = low] = [...hours].sort((a, b) => a - b)
  const chosen = (hour: number) =>
    takes === 'two' ? low <= hour && hour <= high : hours.includes(hour)
  const put = (hours: readonly number[]) => {
    const sorted = [...new Set(hours)].sort((a, b) => a - b)
    const ends = [sorted[0], sorted.at(-1)].filter(hour => hour !== undefined)
    const kept = takes === 'one' ? sorted.slice(-1) : takes === 'two' ? ends : sorted
    onChange(kept.map(String))
  }
  const between = (from: number, to: number) =>
    Array.from({ length: Math.abs(to - from) + 1 }, (_, i) => Math.min(from, to) + i)
  const shown = chosenHours(chosen)
  return (
    <Stack gap={4}>
      <Cells
        label={label}
        className={styles.hours}
        cells={Array.from({ length: 24 }, (_, hour) => ({
          text: String(hour),
          name: t.hourOf(hour),
        }))}
        chosen={chosen}
        onPaint={(from, to, on) => {
          setTyped(undefined)
          const painted = between(from, to)
          if (takes === 'one') return put([to])
          if (takes === 'two') {
            // One cell is moved to by the nearer end; many are the span itself.
            if (from !== to || low < 0) return put(painted)
            return put(Math.abs(from - low) < Math.abs(from - high) ? [from, high] : [low, from])
          }
          put(on ? [...hours, ...painted] : hours.filter(hour => !painted.includes(hour)))
        }}
      />
      <TextInput
        size="xs"
        aria-label={t.hoursAsText}
        placeholder={t.hourHint}
        value={typed ?? writeHours(shown)}
        error={error ?? (typed !== undefined && !readHours(typed) ? t.noHours : undefined)}
        onChange={event => {
          const text = event.currentTarget.value
          setTyped(text)
          const hours = readHours(text)
          if (hours) put(hours)
        }}
        onBlur={() => typed !== undefined && readHours(typed) && setTyped(undefined)}
      />
    </Stack>
  )
}

const chosenHours = (chosen: (hour: number) => boolean) =>
  Array.from({ length: 24 }, (_, hour) => hour).filter(chosen)

/** The days of the week, from the reader's first one. */
export function DayInput({ label, values, takes, onChange, error }: ClockProps) {
  const t = useTexts(inputTexts)
  const days = values.map(dayOf).filter(day => day !== undefined)
  const order = weekFrom(t.firstDay)
  const [low = -1, high = low] = days
  const chosen = (day: number) => (takes === 'two' ? low <= day && day <= high : days.includes(day))
  return (
    <Stack gap={4}>
      <Cells
        label={label}
        cells={order.map(day => ({ text: t.days[day]!, name: t.daysLong[day]! }))}
        chosen={index => chosen(order[index]!)}
        onPaint={(from, to, on) => {
          const painted = order.slice(Math.min(from, to), Math.max(from, to) + 1)
          if (takes === 'one') return onChange([String(order[to])])
          if (takes === 'two') {
            const ends = from === to && 0 <= low ? [low, order[to]!] : painted
            return onChange([Math.min(...ends), Math.max(...ends)].map(String))
          }
          const next = on ? [...days, ...painted] : days.filter(day => !painted.includes(day))
          onChange([...new Set(next)].sort((a, b) => a - b).map(String))
        }}
      />
      {error && <Input.Error>{error}</Input.Error>}
    </Stack>
  )
}

/** The days from the first one of a week on. */
export function weekFrom(first: number): number[] {
  return Array.from({ length: 7 }, (_, i) => (first + i) % 7)
}

export function TimeInput({ label, values, takes, onChange, error }: ClockProps) {
  const written = (value: string) => {
    const minute = minuteOf(value)
    return minute === undefined ? value : timeOf(minute)
  }
  return <Pair {...{ label, values, takes, onChange, error }} type="time" shown={written} />
}

export function DateInput({ label, values, takes, onChange, error }: ClockProps) {
  return <Pair {...{ label, values, takes, onChange, error }} type="date" shown={value => value} />
}

interface PairProps extends ClockProps {
  type: 'time' | 'date'
  shown: (value: string) => string
}

/** One native input, two of them from lowest to highest, or one for each of many and one more. */
function Pair({ label, values, takes, onChange, error, type, shown }: PairProps) {
  const t = useTexts(inputTexts)
  const [first = '', second = ''] = values
  if (takes === 'two') {
    return (
      <Input.Wrapper error={error}>
        <div className={styles.two}>
          <Input
            type={type}
            aria-label={`${label}, ${t.from}`}
            value={shown(first)}
            onChange={event => onChange([event.currentTarget.value, second])}
          />
          <Input
            type={type}
            aria-label={`${label}, ${t.to}`}
            value={shown(second)}
            onChange={event => onChange([first, event.currentTarget.value])}
          />
        </div>
      </Input.Wrapper>
    )
  }
  const inputs = takes === 'many' ? [...values, ''] : [first]
  return (
    <Input.Wrapper error={error}>
      <Stack gap={4}>
        {inputs.map((value, index) => (
          <Input
            // biome-ignore lint/suspicious/noArrayIndexKey: its place is all that an input here has
            key={index}
            type={type}
            aria-label={index === 0 ? label : `${label} ${index + 1}`}
            value={shown(value)}
            onChange={event => {
              const next = [...inputs]
              next[index] = event.currentTarget.value
              onChange(next.filter(Boolean))
            }}
          />
        ))}
      </Stack>
    </Input.Wrapper>
  )
}
