/** The world's countries as shapes, named by the codes that clicks have. */

import type { Geometry, Position } from 'geojson'
import { feature } from 'topojson-client'
import type { GeometryCollection, Topology } from 'topojson-specification'
import shapes from 'world-atlas/countries-110m.json'
import { NUMERIC } from './countries'

export const WORLD = 'world'

/** It has no country, no clicks, and no end on a flat map. */
const ANTARCTICA = '010'

/** Shapes without a number. */
const NAMED: Record<string, string | undefined> = { Kosovo: 'XK' }

const topology = shapes as unknown as Topology<{
  countries: GeometryCollection<{ name: string }>
}>

export const world = {
  type: 'FeatureCollection' as const,
  features: feature(topology, topology.objects.countries)
    .features.filter(shape => shape.id !== ANTARCTICA)
    .map(shape => ({
      ...shape,
      geometry: unrolled(shape.geometry),
      properties: { name: NUMERIC[String(shape.id)] ?? NAMED[shape.properties.name] ?? '' },
    })),
}

/**
 * Shapes that go on beyond the edge of the map instead of back across all of it.
 *
 * The source is a globe, on which Chukotka's 179° east lies beside its 179° west.
 */
function unrolled(geometry: Geometry): Geometry {
  if (geometry.type === 'Polygon') {
    return { ...geometry, coordinates: geometry.coordinates.map(ring) }
  }
  if (geometry.type === 'MultiPolygon') {
    return { ...geometry, coordinates: geometry.coordinates.map(part => part.map(ring)) }
  }
  return geometry
}

function ring(points: Position[]): Position[] {
  let turn = 0
  let before = points[0]?.[0] ?? 0
  return points.map(([east = 0, north = 0]) => {
    if (180 < Math.abs(east - before)) turn += east < before ? 360 : -360
    before = east
    return [east + turn, north]
  })
}
