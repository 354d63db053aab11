/** The world as ECharts draws it: countries by steps of one hue, cities and small countries as bubbles. */
import type { Row } from '~/api/statistics'
import type { Colors } from '~/charts/colors'
import { POINTS } from '~/charts/countries'
import type { Option } from '~/charts/engine'
import { WORLD, world } from '~/charts/world'
import { colorsOf, stepOf, stepsTo } from './steps'

interface Words {
  country: (code: string) => string
  clicks: (n: number) => string
}

const SHAPES = new Set(world.features.map(shape => shape.properties.name))

/** From Alaska to Chukotka, from Greenland to Tierra del Fuego. */
const LAND = [
  [-170, 83],
  [190, -56],
]

const geo = (colors: Colors) => ({
  map: WORLD,
  roam: false,
  boundingCoords: LAND,
  left: 0,
  right: 0,
  top: 4,
  bottom: 4,
  itemStyle: { areaColor: colors.sunken, borderColor: colors.line, borderWidth: 0.5 },
  emphasis: { disabled: true },
  select: { disabled: true },
  silent: true,
})

/** The bare world, for dots to stand on. */
export function worldOption(colors: Colors): Option {
  return { geo: geo(colors) }
}

/** The colours are those of `all`, of which `rows` may be a part. */
export function countriesOption(
  rows: readonly Row[],
  all: readonly Row[],
  colors: Colors,
  words: Words,
): Option {
  const known = rows.filter(isKnown)
  const steps = stepsTo(Math.max(0, ...all.filter(isKnown).map(row => row.clicks)))
  const shades = colorsOf(steps, colors.steps)
  const shade = (clicks: number) => shades[stepOf(steps, clicks)] ?? colors.sunken
  const clicks = new Map(known.map(row => [String(row.value), row.clicks]))
  return {
    tooltip: {
      formatter: ({ name }: { name: string }) => {
        const n = clicks.get(name)
        return n ? `<b>${words.country(name)}</b><br>${words.clicks(n)}` : ''
      },
    },
    // A series of countries would draw all of them a second time.
    geo: {
      ...geo(colors),
      silent: false,
      tooltip: { show: true },
      emphasis: {
        label: { show: false },
        itemStyle: { areaColor: 'inherit', borderColor: colors.text, borderWidth: 1.5 },
      },
      regions: known
        .filter(row => SHAPES.has(String(row.value)))
        .map(row => ({ name: String(row.value), itemStyle: { areaColor: shade(row.clicks) } })),
    },
    series: [
      {
        // Singapore and Malta are too small to have a shape here.
        type: 'scatter',
        coordinateSystem: 'geo',
        symbolSize: 9,
        data: known.flatMap(row => {
          const point = POINTS[String(row.value)]
          if (SHAPES.has(String(row.value)) || !point) return []
          return [
            {
              name: String(row.value),
              value: [...point, row.clicks],
              itemStyle: { color: shade(row.clicks), borderColor: colors.edge, borderWidth: 1 },
            },
          ]
        }),
      },
    ],
  }
}

/**
 * Areas tell how many, so that a bubble twice as wide is four times as many; they are measured by the
 * largest of `all`, of which `rows` may be a part.
 */
export function citiesOption(
  rows: readonly Row[],
  all: readonly Row[],
  colors: Colors,
  words: Words,
): Option {
  const placed = rows.filter(isPlaced)
  const largest = Math.max(1, ...all.filter(isPlaced).map(row => row.clicks))
  return {
    tooltip: {
      formatter: ({ name, value }: { name: string; value: number[] }) =>
        `<b>${escaped(name)}</b><br>${words.clicks(value[2] ?? 0)}`,
    },
    geo: geo(colors),
    series: [
      {
        type: 'scatter',
        coordinateSystem: 'geo',
        data: placed.map(row => ({
          name: row.city ?? '',
          value: [row.longitude ?? 0, row.latitude ?? 0, row.clicks],
          symbolSize: Math.max(4, 36 * Math.sqrt(row.clicks / largest)),
        })),
        itemStyle: { color: colors.series[0], opacity: 0.55, borderColor: colors.surface },
      },
    ],
  }
}

function isKnown(row: Row): boolean {
  return typeof row.value === 'string'
}

function isPlaced(row: Row): boolean {
  return typeof row.latitude === 'number' && typeof row.longitude === 'number'
}

/** Names of cities come from files that somebody else made. */
function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
}
