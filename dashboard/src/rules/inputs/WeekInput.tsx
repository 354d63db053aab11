/** The hours of a week as a grid of 7 × 24: painted with the pointer, or with arrows and Space. */
import { Button, Group, Text } from '@mantine/core'
import { type KeyboardEvent, useRef, useState } from 'react'
import { useTexts } from '~/texts/texts'
import { EMPTY_WEEK, type Week } from '../schedule'
import { weekFrom } from './ClockInputs'
import styles from './inputs.module.css'
import { inputTexts } from './texts'

interface Cell {
  day: number
  hour: number
}

const HOURS = Array.from({ length: 24 }, (_, hour) => hour)

export function WeekInput({ week, onChange }: { week: Week; onChange: (week: Week) => void }) {
  const t = useTexts(inputTexts)
  const days = weekFrom(t.firstDay)
  const [current, setCurrent] = useState<Cell>({ day: days[0]!, hour: 9 })
  const painting = useRef<{ from: Cell; on: boolean; before: Week }>(null)
  const table = useRef<HTMLTableElement>(null)

  const put = (base: Week, cells: readonly Cell[], on: boolean) =>
    onChange(
      base.map((hours, day) => {
        const painted = cells.filter(cell => cell.day === day).map(cell => cell.hour)
        if (painted.length === 0) return hours
        const rest = hours.filter(hour => !painted.includes(hour))
        return on ? [...rest, ...painted].sort((a, b) => a - b) : rest
      }),
    )
  const chosen = ({ day, hour }: Cell) => week[day]!.includes(hour)
  /** All cells of the rectangle between two. */
  const between = (a: Cell, b: Cell) => {
    const rows = [days.indexOf(a.day), days.indexOf(b.day)].sort((x, y) => x - y)
    const columns = [a.hour, b.hour].sort((x, y) => x - y)
    return days
      .slice(rows[0], rows[1]! + 1)
      .flatMap(day => HOURS.slice(columns[0], columns[1]! + 1).map(hour => ({ day, hour })))
  }
  const toggle = (cells: readonly Cell[]) => put(week, cells, !cells.every(chosen))
  const go = (cell: Cell) => {
    setCurrent(cell)
    table.current?.querySelector<HTMLElement>(`[data-cell="${cell.day}-${cell.hour}"]`)?.focus()
  }
  const press = (event: KeyboardEvent, cell: Cell) => {
    const steps: Record<string, [number, number]> = {
      ArrowRight: [0, 1],
      ArrowLeft: [0, -1],
      ArrowDown: [1, 0],
      ArrowUp: [-1, 0],
    }
    const step = steps[event.key]
    if (step) {
      event.preventDefault()
      const row = Math.min(Math.max(days.indexOf(cell.day) + step[0], 0), 6)
      const next = { day: days[row]!, hour: Math.min(Math.max(cell.hour + step[1], 0), 23) }
      if (event.shiftKey) put(week, [cell, next], true)
      go(next)
    } else if (event.key === ' ' || event.key === 'Enter') {
      event.preventDefault()
      toggle([cell])
    }
  }
  const office = EMPTY_WEEK.map((_, day) => (0 < day && day < 6 ? HOURS.slice(9, 17) : []))
  const weekend = EMPTY_WEEK.map((_, day) => (day === 0 || day === 6 ? HOURS : []))

  return (
    <div className={styles.week}>
      <Group gap="xs" mb="sm">
        <Button size="compact-xs" variant="default" onClick={() => onChange(office)}>
          {t.officeHours}
        </Button>
        <Button size="compact-xs" variant="default" onClick={() => onChange(weekend)}>
          {t.weekends}
        </Button>
        <Button size="compact-xs" variant="default" onClick={() => onChange(EMPTY_WEEK)}>
          {t.clear}
        </Button>
        <Text size="xs" c="dimmed" role="status">
          {t.chosen(week.reduce((sum, hours) => sum + hours.length, 0))}
        </Text>
      </Group>
      <table
        ref={table}
        aria-label={t.week}
        onPointerMove={event => {
          const paint = painting.current
          if (!paint || event.buttons === 0) return
          const over = document.elementFromPoint(event.clientX, event.clientY)
          const [day, hour] = (over as HTMLElement | null)?.dataset?.cell?.split('-') ?? []
          if (day === undefined || hour === undefined) return
          put(paint.before, between(paint.from, { day: Number(day), hour: Number(hour) }), paint.on)
        }}
        onPointerUp={() => {
          painting.current = null
        }}
      >
        <thead>
          <tr>
            <td />
            {HOURS.map(hour => (
              <th key={hour} scope="col">
                <button
                  type="button"
                  className={styles.head}
                  aria-label={t.wholeHour(hour)}
                  onClick={() => toggle(days.map(day => ({ day, hour })))}
                >
                  {hour}
                </button>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {days.map(day => (
            <tr key={day}>
              <th scope="row">
                <button
                  type="button"
                  className={styles.head}
                  aria-label={t.wholeDay(t.daysLong[day]!)}
                  onClick={() => toggle(HOURS.map(hour => ({ day, hour })))}
                >
                  {t.days[day]}
                </button>
              </th>
              {HOURS.map(hour => {
                const on = week[day]!.includes(hour)
                return (
                  <td key={hour}>
                    <button
                      type="button"
                      className={styles.cell}
                      data-cell={`${day}-${hour}`}
                      aria-pressed={on}
                      aria-label={t.weekCell(t.daysLong[day]!, hour, on)}
                      tabIndex={current.day === day && current.hour === hour ? 0 : -1}
                      onPointerDown={event => {
                        if (event.button !== 0) return
                        painting.current = { from: { day, hour }, on: !on, before: week }
                        setCurrent({ day, hour })
                        put(week, [{ day, hour }], !on)
                      }}
                      onKeyDown={event => press(event, { day, hour })}
                    />
                  </td>
                )
              })}
            </tr>
          ))}
        </tbody>
      </table>
      <Text size="xs" c="dimmed" mt="xs">
        {t.weekHelp}
      </Text>
    </div>
  )
}
