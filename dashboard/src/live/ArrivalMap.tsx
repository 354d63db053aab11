/** The last arrivals on the world: newer ones larger, the newest with a ring. */
import { useCallback, useMemo } from 'react'
import { Chart } from '~/charts/Chart'
import type { Colors } from '~/charts/colors'
import { POINTS } from '~/charts/countries'
import { worldOption } from '~/statistics/map'
import { useFormat } from '~/texts/format'
import { useTexts } from '~/texts/texts'
import type { Arrival } from './arrivals'
import { liveTexts } from './texts'

const SHOWN = 40

export function ArrivalMap({ arrivals }: { arrivals: readonly Arrival[] }) {
  const t = useTexts(liveTexts)
  const format = useFormat()
  const shown = useMemo(() => arrivals.slice(0, SHOWN), [arrivals])
  const [last] = shown
  const option = useCallback(
    (colors: Colors) => {
      const [color = ''] = colors.series
      const dots = shown.flatMap(({ country, city }, place) => {
        const point = country ? POINTS[country] : undefined
        if (!country || !point) return []
        return [
          {
            name: [city, format.country(country)].filter(Boolean).join(', '),
            value: [...point, 1],
            symbolSize: place === 0 ? 14 : Math.max(5, 10 - place / 8),
            itemStyle: {
              color,
              opacity: Math.max(0.25, 1 - place / SHOWN),
              borderColor: place === 0 ? colors.text : colors.surface,
              borderWidth: place === 0 ? 2 : 1,
            },
          },
        ]
      })
      return {
        ...worldOption(colors),
        tooltip: { formatter: ({ name }: { name: string }) => name.replaceAll('<', '&lt;') },
        series: [{ type: 'scatter', coordinateSystem: 'geo', data: dots.toReversed() }],
      }
    },
    [shown, format],
  )
  return (
    <Chart
      kind="map"
      title={t.map}
      height={280}
      option={option}
      caption={t.about}
      file={[t.title]}
      finding={
        last &&
        t.mapFinding(
          format.number(shown.length),
          last.country ? format.country(last.country) : t.unknownPlace,
        )
      }
      findingUnseen
      below={<small>{t.atCentre}</small>}
      table={
        last && {
          columns: [t.when, t.where, t.link],
          rows: shown.map(({ at, city, country, link }) => [
            at,
            [city, country && format.country(country)].filter(Boolean).join(', ') || t.unknownPlace,
            link,
          ]),
        }
      }
    />
  )
}
