/** What this server is, knows and keeps, and whether it is well. */
import { queryOptions } from '@tanstack/react-query'
import { call } from './call'

export interface Source {
  name: string
  file: string | null
  builtAt: string | null
  ageDays: number | null
  attribution: string | null
  /** What it tells of a visitor: `country`, `city`, … */
  fields: string[]
  /** Why it is not used. */
  problem?: string | null
}

export interface About {
  version: string
  publicUrl: string
  defaultDomain: string
  database: string
  sources: Source[]
  /** In days; null: for ever. */
  retention: {
    clickDays: number | null
    botDays: number | null
    conversionDays: number | null
  }
  clicks: {
    /** Since the start, which could not be written down. */
    lost: number
    /** Whether they cannot be written down right now. */
    failing: boolean
    unreadable: number
    damagedBytes: number
    waitingBytes: number
    blocks: number
  }
}

export const aboutQuery = queryOptions({
  queryKey: ['about'],
  queryFn: () => call<About>('GET', '/api/v1/about'),
  staleTime: 30_000,
})
