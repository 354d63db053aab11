/** What this server is, knows and keeps, and whether it is well. */
import { queryOptions } from '@tanstack/react-query'
import { call } from './call'

export interface Source {
  /** The file's name, or what is built in. */
  name: string
  /** What it calls itself. */
  kind: string
  builtIn: boolean
  builtAt: string | null
  ageDays: number | null
  /** What it tells of a visitor: `country`, `city`, … */
  knows: string[]
  attribution: string | null
}

export interface About {
  version: string
  publicUrl: string
  defaultDomain: string
  database: string
  geo: Source[]
  /** Files that are not used as they are; `kept`: what they held before still is. */
  geoProblems: { file: string; error: string; kept: boolean }[]
  /** In days; null: for ever. */
  retention: Record<'people' | 'bots' | 'conversions', number | null>
  /** Since this node's start. */
  clicks: {
    /** Could not be written down: they are lost. */
    unrecorded: number
    /** Whether they cannot be written down right now. */
    failing: boolean
    unreadable: number
    damagedBytes: number
    waitingBytes: number
    blocks: number
    /** Clicks in those blocks. */
    sealed: number
  }
}

export const aboutQuery = queryOptions({
  queryKey: ['about'],
  queryFn: () => call<About>('GET', '/api/v1/about'),
  staleTime: 30_000,
})
