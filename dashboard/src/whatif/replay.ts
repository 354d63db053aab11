/** Running other rules over past clicks, with its progress, until it is done or somebody stops it. */
import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { Schemas } from '~/api/client'
import { Problem, problemOf } from '~/api/problem'
import type { Change } from '~/try/tests'
import { eventsOf } from './events'

export type Counts = Schemas['ReplayCounts']
export type TriedRule = Schemas['TriedRule']
export type Goes = Schemas['Goes']
export type ReplayedClick = Schemas['ReplayedClick']
export type Transition = Schemas['Transition']

export interface ByRule extends Counts {
  rule?: string | null
  /** `changed` is not told by older servers. */
  to: { rule?: TriedRule | null; clicks: number; changed?: number }[]
}

export type Replay = Omit<Schemas['Replay'], 'rules'> & { rules: ByRule[] }

/** What is tried: the saved draft in a version of it, or a change that nobody saved. */
export type Trial = { draft: true; version: number } | { change: Change }

export interface Period {
  days: number
  bots: boolean
}

export interface Progress {
  done: number
  of: number
}

export function useReplay(link: string, trial: Trial | null, period: Period) {
  const queries = useQueryClient()
  const [progress, setProgress] = useState<Progress>()
  const queryKey = ['link', link, 'replay', trial, period] as const
  const { data, error, isFetching, isPlaceholderData, refetch } = useQuery({
    queryKey,
    queryFn: async ({ signal }) => {
      setProgress(undefined)
      if (!trial) throw new Error('nothing is tried')
      return replay(link, bodyOf(trial, period), signal, setProgress)
    },
    enabled: trial !== null,
    placeholderData: keepPreviousData,
    staleTime: 300_000,
    retry: false,
    refetchOnWindowFocus: false,
  })
  return {
    replay: trial ? data : undefined,
    error,
    isRunning: isFetching,
    isOld: isPlaceholderData,
    progress,
    stop: () => void queries.cancelQueries({ queryKey }),
    run: () => void refetch(),
  }
}

const DAY_MS = 86_400_000

export function bodyOf(trial: Trial, { days, bots }: Period, now = Date.now()): object {
  const what = 'draft' in trial ? { draft: true } : trial.change
  const from = new Date(now - days * DAY_MS).toISOString()
  return { ...what, from, bots: bots ? 'include' : 'exclude', samples: 5 }
}

async function replay(
  link: string,
  body: object,
  signal: AbortSignal,
  onProgress: (progress: Progress) => void,
): Promise<Replay> {
  const response = await fetch(`/api/v1/links/${encodeURIComponent(link)}/replay`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
    body: JSON.stringify(body),
    signal,
  }).catch(reason => {
    if (signal.aborted) throw reason
    throw Problem.offline()
  })
  if (!response.ok || !response.body) {
    throw problemOf(response, await response.json().catch(() => null))
  }
  for await (const { event, data } of eventsOf(response.body)) {
    const told: unknown = JSON.parse(data)
    if (event === 'progress') onProgress(told as Progress)
    if (event === 'result') return told as Replay
    if (event === 'error') {
      const wire = told as { status?: number; detail?: string }
      throw new Problem(wire.status ?? 500, wire.detail ?? 'the replay failed', wire)
    }
  }
  throw Problem.offline()
}
