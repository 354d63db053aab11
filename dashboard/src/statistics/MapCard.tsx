/** Where clicks came from, on a map. */
import { Skeleton, Text } from '@mantine/core'
import { useCallback, useMemo, useState } from 'react'
import type { Row } from '~/api/statistics'
import { Chart } from '~/charts/Chart'
import { ChartCard } from '~/charts/ChartCard'
import type { Colors } from '~/charts/colors'
import { Failed } from '~/parts/Failed'
import { useFormat } from '~/texts/format'
import { useTexts } from '~/texts/texts'
import { useAnswer } from './answers'
import { useBoard } from './board'
import { Legend, useLegend } from './Legend'
import { useLit } from './lit'
import { citiesOption, countriesOption } from './map'
import { toggle } from './question'
import { stepsTo } from './steps'
import { Tabs } from './Tabs'
import { statisticsTexts } from './texts'

const HEIGHT = 264
const LEGEND = 52

export function MapCard() {
  const t = useTexts(statisticsTexts)
  const format = useFormat()
  const { question, change, caption, file } = useBoard()
  const [by, setBy] = useState<'country' | 'city'>('country')
  const countries = useAnswer('breakdown', { by: 'country', limit: '300' }, { compared: false })
  const cities = useAnswer('cities', { limit: '300' }, { compared: false, enabled: by === 'city' })
  const answer = by === 'country' ? countries : cities
  const litCountries = useLit('breakdown', { by: 'country', limit: '300' }, by === 'country')
  const litCities = useLit('cities', { limit: '300' }, by === 'city')
  const lit = by === 'country' ? litCountries : litCities
  const rows = useMemo(() => answer.now?.rows ?? [], [answer.now])
  const words = useMemo(
    () => ({
      country: format.country,
      clicks: (n: number) => t.clicksOf(format.number(n)),
    }),
    [t, format],
  )
  const option = useCallback(
    (colors: Colors) =>
      (by === 'country' ? countriesOption : citiesOption)(lit?.rows ?? rows, rows, colors, words),
    [by, rows, lit, words],
  )
  const clicks = answer.now?.clicks ?? 0
  // A city has its country; where either is not known there is no row.
  const known = rows.filter(row => by === 'city' || row.value !== null)
  const unknown = rows.find(row => row.value === null)?.clicks ?? 0
  const top = known[0]
  const steps = stepsTo(top?.clicks ?? 0)
  const legend = useLegend(steps)
  const name = ({ value, country, city }: Row) =>
    by === 'country' ? format.country(String(value)) : `${city}, ${format.country(country ?? '')}`
  const shared = {
    title: t.map,
    caption,
    file: [t.dimensions[by] ?? by, ...file],
    old: answer.old,
    tools: (
      <Tabs
        of={t.map}
        value={by}
        onChange={setBy}
        tabs={[
          { value: 'country', label: t.countries },
          { value: 'city', label: t.cities },
        ]}
      />
    ),
    finding:
      top && clicks
        ? (by === 'country' ? t.mapFinding : t.citiesFinding)(
            name(top),
            format.share(top.clicks / clicks),
            by === 'country' ? known.length : (answer.now?.groups ?? known.length),
          )
        : undefined,
    table: answer.now && {
      columns: [t.dimensions[by] ?? by, t.clicks, ...(by === 'country' ? [t.visitors] : [])],
      rows: rows.map(row => [
        row.value === null ? t.unknown : name(row),
        row.clicks,
        ...(by === 'country' ? [row.visitors] : []),
      ]),
    },
  }
  const placed = by === 'country' || known.some(row => typeof row.latitude === 'number')
  if (!answer.now || answer.error || known.length === 0 || !placed) {
    return (
      <ChartCard {...shared} finding={undefined}>
        <div style={{ minHeight: HEIGHT + LEGEND }}>
          {answer.error && <Failed error={answer.error} retry={answer.retry} />}
          {!answer.error && !answer.now && <Skeleton height={HEIGHT + LEGEND} />}
          {answer.now && <Text c="dimmed">{placed ? t.mapNone : t.noCoordinates}</Text>}
        </div>
      </ChartCard>
    )
  }
  return (
    <Chart
      {...shared}
      kind="map"
      height={HEIGHT}
      legend={by === 'country' ? legend : undefined}
      option={option}
      onPick={({ name }, event) => {
        if (name) change(toggle(question, by, name, event.altKey))
      }}
      below={
        by === 'country' && (
          <Legend steps={steps} unknown={unknown ? t.besides(format.number(unknown)) : ''} />
        )
      }
    />
  )
}
