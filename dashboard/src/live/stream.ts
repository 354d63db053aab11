/** Clicks as the server sends them, for as long as somebody looks. */
import { useEffect, useReducer, useRef, useState } from 'react'
import type { Ask } from '~/api/statistics'
import {
  type Arrival,
  type Arrivals,
  arrive,
  catchUp,
  DRAW_MS,
  draw,
  forget,
  NONE,
} from './arrivals'
import { markArrival } from './favicon'

export type State = 'opening' | 'open' | 'lost'

export interface Live {
  arrivals: Arrivals
  state: State
  paused: boolean
  pause: (paused: boolean) => void
  /** Whether clicks went by that this page was too slow for. */
  missed: boolean
}

type Act =
  | { is: 'click'; click: Arrival; paused: boolean }
  | { is: 'tick' | 'go on' | 'anew' | 'old' }

function reduce(arrivals: Arrivals, act: Act): Arrivals {
  switch (act.is) {
    case 'click':
      return arrive(arrivals, act.click, Date.now(), act.paused)
    case 'tick':
      return draw(arrivals)
    case 'old':
      return forget(arrivals, Date.now())
    case 'go on':
      return catchUp(arrivals)
    case 'anew':
      return NONE
  }
}

export function useLive(filters: Ask): Live {
  const [arrivals, act] = useReducer(reduce, NONE)
  const [state, setState] = useState<State>('opening')
  const [paused, setPaused] = useState(false)
  const [missed, setMissed] = useState(false)
  const isPaused = useRef(false)
  isPaused.current = paused
  const query = new URLSearchParams(filters).toString()

  useEffect(() => {
    act({ is: 'anew' })
    setState('opening')
    // It comes back by itself, and says what it has seen last.
    const source = new EventSource(`/api/v1/clicks/stream?${query}`)
    source.onopen = () => setState('open')
    source.onerror = () => setState('lost')
    source.addEventListener('click', event => {
      const click = JSON.parse((event as MessageEvent<string>).data) as Arrival
      act({ is: 'click', click, paused: isPaused.current })
      markArrival()
    })
    source.addEventListener('missed', () => setMissed(true))
    return () => source.close()
  }, [query])

  const waits = !paused && 0 < arrivals.waiting.length
  useEffect(() => {
    if (!waits) return
    const drawing = setInterval(() => act({ is: 'tick' }), DRAW_MS)
    return () => clearInterval(drawing)
  }, [waits])

  useEffect(() => {
    const forgetting = setInterval(() => act({ is: 'old' }), 1_000)
    return () => clearInterval(forgetting)
  }, [])

  return {
    arrivals,
    state,
    paused,
    missed,
    pause: next => {
      if (!next) act({ is: 'go on' })
      setPaused(next)
    },
  }
}
