/** Clicks by the hours of the week: a table that is its own chart. */
import { Skeleton } from '@mantine/core'
import { useMemo, useState } from 'react'
import { squaresPicture } from '~/charts/bars'
import { ChartCard } from '~/charts/ChartCard'
import { useColors } from '~/charts/colors'
import { Failed } from '~/parts/Failed'
import { useFormat } from '~/texts/format'
import { useLanguage, useTexts } from '~/texts/texts'
import { useAnswer } from './answers'
import { useBoard } from './board'
import { Legend, useLegend } from './Legend'
import { useLit } from './lit'
import { weekday } from './names'
import { replace } from './question'
import styles from './Statistics.module.css'
import { colorsOf, evenStepsTo, stepOf } from './steps'
import { statisticsTexts } from './texts'
import { weekOf } from './week'

const HOURS = Array.from({ length: 24 }, (_, hour) => hour)

export function HoursCard() {
  const t = useTexts(statisticsTexts)
  const format = useFormat()
  const language = useLanguage()
  const colors = useColors()
  const { question, change, window, caption, file } = useBoard()
  const answer = useAnswer('hours', {}, { compared: false })
  const lit = useLit('hours')
  const [at, setAt] = useState<[number, number]>([0, 0])
  const days = useMemo(() => weekOf(navigator.language), [])
  const rows = answer.now?.rows ?? []
  const shown = lit?.rows ?? rows
  const count = (day: number, hour: number) =>
    shown.find(row => row.dayOfWeek === day && row.hour === hour)?.clicks ?? 0
  const busiest = rows.toSorted((a, b) => b.clicks - a.clicks)[0]
  const steps = evenStepsTo(busiest?.clicks ?? 0)
  const shades = colorsOf(steps, colors.steps)
  const legend = useLegend(steps)
  const shade = (n: number) => shades[stepOf(steps, n)] ?? colors.sunken

  const pick = (day: number, hour: number) => {
    const filter = (by: string, value: number) => ({ by, values: [String(value)], not: false })
    const isPicked =
      question.filters.some(it => it.by === 'hour' && it.values.join() === String(hour)) &&
      question.filters.some(it => it.by === 'dayOfWeek' && it.values.join() === String(day))
    const without = question.filters.filter(it => it.by !== 'hour' && it.by !== 'dayOfWeek')
    const cleared = { ...question, filters: without }
    if (isPicked) change(cleared)
    else
      change(replace(replace(cleared, null, filter('dayOfWeek', day)), null, filter('hour', hour)))
  }

  const click = (event: React.MouseEvent<HTMLTableElement>) => {
    const cell = (event.target as HTMLElement).dataset.cell?.split(',').map(Number)
    if (cell) pick(days[cell[0] ?? 0] ?? 1, cell[1] ?? 0)
  }

  const move = (event: React.KeyboardEvent<HTMLTableElement>) => {
    const step = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[
      event.key
    ]
    const [row, hour] = at
    if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault()
      pick(days[row] ?? 1, hour)
    }
    if (!step) return
    event.preventDefault()
    const next = [(row + (step[0] ?? 0) + 7) % 7, (hour + (step[1] ?? 0) + 24) % 24] as const
    setAt([...next])
    event.currentTarget.querySelector<HTMLElement>(`[data-cell="${next.join()}"]`)?.focus()
  }

  return (
    <ChartCard
      title={t.hours}
      caption={caption}
      file={[t.hours, ...file]}
      old={answer.old}
      finding={
        busiest?.clicks
          ? t.hoursFinding(
              weekday(busiest.dayOfWeek ?? 1, language),
              String(busiest.hour),
              format.number(busiest.clicks),
            )
          : undefined
      }
      table={
        answer.now && {
          columns: [t.day, t.hour, t.clicks, t.visitors],
          rows: rows.map(row => [
            weekday(row.dayOfWeek ?? 1, language),
            String(row.hour),
            row.clicks,
            row.visitors,
          ]),
        }
      }
      picture={() => ({
        ...squaresPicture(
          days.map(day => ({
            name: weekday(day, language, 'short'),
            colors: HOURS.map(hour => shade(count(day, hour))),
          })),
          HOURS.map(String),
          colors.text2,
        ),
        legend,
      })}
    >
      {answer.error && <Failed error={answer.error} retry={answer.retry} />}
      {!answer.error && !answer.now && <Skeleton height={7 * 28 + 60} />}
      {!answer.error && answer.now && (
        <>
          <table
            className={styles.hours}
            // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: its cells can be picked
            role="grid"
            aria-label={t.hours}
            onKeyDown={move}
            onClick={click}
          >
            <thead>
              <tr>
                <th scope="col">
                  <span className="unseen">{t.day}</span>
                </th>
                {HOURS.map(hour => (
                  <th key={hour} scope="col">
                    {hour % 3 ? <span className="unseen">{hour}</span> : hour}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {days.map((day, row) => (
                <tr key={day}>
                  <th scope="row">{weekday(day, language, 'short')}</th>
                  {HOURS.map(hour => {
                    const text = t.cell(
                      weekday(day, language, 'short'),
                      String(hour),
                      format.number(count(day, hour)),
                    )
                    return (
                      <td
                        key={hour}
                        data-cell={`${row},${hour}`}
                        tabIndex={at[0] === row && at[1] === hour ? 0 : -1}
                        style={{ background: shade(count(day, hour)) }}
                        title={text}
                        aria-label={text}
                        onFocus={() => setAt([row, hour])}
                      />
                    )
                  })}
                </tr>
              ))}
            </tbody>
          </table>
          <Legend steps={steps} />
          <p className={styles.small}>{t.hoursZone(window.zone)}</p>
        </>
      )}
    </ChartCard>
  )
}
