/** The world's countries as shapes, named by the codes that clicks have. */
import { feature } from 'topojson-client'
import type { GeometryCollection, Topology } from 'topojson-specification'
import shapes from 'world-atlas/countries-110m.json'
import { NUMERIC } from './countries'

export const WORLD = 'world'

/** Shapes without a number. */
const NAMED: Record<string, string | undefined> = { Kosovo: 'XK' }

const topology = shapes as unknown as Topology<{
  countries: GeometryCollection<{ name: string }>
}>

export const world = {
  type: 'FeatureCollection' as const,
  features: feature(topology, topology.objects.countries).features.map(shape => ({
    ...shape,
    properties: { name: NUMERIC[String(shape.id)] ?? NAMED[shape.properties.name] ?? '' },
  })),
}
