/** Chooses the time: a period, or from one day to another, in which zone. */
import { Button, Divider, Group, Popover, Select, Stack, TextInput } from '@mantine/core'
import { IconCalendar, IconChevronDown } from '@tabler/icons-react'
import { useState } from 'react'
import { browserZone } from '~/texts/format'
import { useLanguage, useTexts } from '~/texts/texts'
import { useBoard } from './board'
import { isDay, plus, utc } from './days'
import { PERIODS, type Period } from './question'
import { statisticsTexts } from './texts'

export const PERIOD_KEYS: Partial<Record<Period, string>> = {
  today: 'd',
  '7d': 'w',
  '30d': 't',
  month: 'm',
  year: 'y',
  all: 'a',
}

export function PeriodMenu() {
  const t = useTexts(statisticsTexts)
  const language = useLanguage()
  const { question, window, change } = useBoard()
  const [open, setOpen] = useState(false)
  const { span } = question
  const label = 'period' in span ? t.periods[span.period] : timeText(window, language)
  return (
    <Popover opened={open} onChange={setOpen} position="bottom-start" trapFocus shadow="md">
      <Popover.Target>
        <Button
          variant="default"
          leftSection={<IconCalendar size={16} aria-hidden />}
          rightSection={<IconChevronDown size={14} aria-hidden />}
          aria-label={`${t.period}: ${label}`}
          onClick={() => setOpen(!open)}
        >
          {label}
        </Button>
      </Popover.Target>
      <Popover.Dropdown p="xs">
        <Stack gap={0}>
          {PERIODS.map(period => (
            <Button
              key={period}
              fullWidth
              justify="space-between"
              size="sm"
              variant={'period' in span && span.period === period ? 'light' : 'subtle'}
              color="gray"
              c="var(--text)"
              rightSection={<kbd>{PERIOD_KEYS[period]?.toUpperCase()}</kbd>}
              onClick={() => {
                change({ ...question, span: { period }, interval: null })
                setOpen(false)
              }}
            >
              {t.periods[period]}
            </Button>
          ))}
        </Stack>
        <Divider my="xs" />
        <Days
          key={`${window.from} ${window.to}`}
          from={window.from.slice(0, 10)}
          to={isDay(window.to) ? plus(window.to, -1) : window.to.slice(0, 10)}
          choose={(from, to) => {
            change({ ...question, span: { from, to: plus(to, 1) }, interval: null })
            setOpen(false)
          }}
        />
        <Divider my="xs" />
        <Zone />
      </Popover.Dropdown>
    </Popover>
  )
}

/** Made when the menu opens: there are four hundred. */
function Zone() {
  const t = useTexts(statisticsTexts)
  const { question, change } = useBoard()
  return (
    <Select
      size="sm"
      searchable
      label={t.zone}
      comboboxProps={{ withinPortal: false }}
      data={[
        { value: '', label: t.ownZone(browserZone) },
        ...new Set(['UTC', ...Intl.supportedValuesOf('timeZone')]),
      ]}
      value={question.zone ?? ''}
      onChange={zone => change({ ...question, zone: zone || null })}
    />
  )
}

interface DaysProps {
  from: string
  to: string
  choose: (from: string, to: string) => void
}

/** The last day is one of them, as people say it. */
function Days({ from: first, to: last, choose }: DaysProps) {
  const t = useTexts(statisticsTexts)
  const [from, setFrom] = useState(first)
  const [to, setTo] = useState(last)
  return (
    <form
      onSubmit={event => {
        event.preventDefault()
        if (isDay(from) && isDay(to))
          choose(...((from <= to ? [from, to] : [to, from]) as [string, string]))
      }}
    >
      <Stack gap="xs">
        <Group gap="xs" grow>
          <TextInput
            type="date"
            size="sm"
            label={t.from}
            value={from}
            onChange={event => setFrom(event.currentTarget.value)}
          />
          <TextInput
            type="date"
            size="sm"
            label={t.to}
            value={to}
            onChange={event => setTo(event.currentTarget.value)}
          />
        </Group>
        <Button type="submit" size="sm" variant="default">
          {t.apply}
        </Button>
      </Stack>
    </form>
  )
}

/** `9–15 Nov 2026`; what is shorter than days with its hours. */
export function timeText({ from, to }: { from: string; to: string }, language: string): string {
  if (isDay(from) && isDay(to)) {
    return new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeZone: 'UTC' }).formatRange(
      utc(from),
      utc(plus(to, -1)),
    )
  }
  return new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short' }).formatRange(
    Date.parse(from),
    Date.parse(to),
  )
}
