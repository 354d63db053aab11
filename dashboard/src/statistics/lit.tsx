/** The rule that somebody points at, whose clicks light up in all charts of the page. */
import { useQuery } from '@tanstack/react-query'
import {
  createContext,
  type ReactNode,
  useContext,
  useEffect,
  useMemo,
  useRef,
  useState,
} from 'react'
import { type Ask, answerQuery, type Call, type Row } from '~/api/statistics'
import { askOf, useBoard } from './board'
import { useNear } from './Part'
import { has } from './question'

interface Pointed {
  rule: string
  name: string
}

export interface Lit {
  name: string
  rows: readonly Row[]
}

/** Whoever only crosses a rule on the way to another place asks nothing. */
const STAYS_MS = 120

const PointedContext = createContext<Pointed | null>(null)
const PointContext = createContext<(at: Pointed | null) => void>(() => {})

export function LitProvider({ children }: { children: ReactNode }) {
  const [pointed, setPointed] = useState<Pointed | null>(null)
  const timer = useRef(0)
  const point = useMemo(
    () => (at: Pointed | null) => {
      clearTimeout(timer.current)
      if (at) timer.current = window.setTimeout(() => setPointed(at), STAYS_MS)
      else setPointed(null)
    },
    [],
  )
  useEffect(() => () => clearTimeout(timer.current), [])
  return (
    <PointContext value={point}>
      <PointedContext value={pointed}>{children}</PointedContext>
    </PointContext>
  )
}

/** Says that a rule is pointed at, by the mouse or by keys, or none any more. */
export function usePoint() {
  return useContext(PointContext)
}

/** The clicks of the rule that is pointed at, of a chart's question; none while they are on the way. */
export function useLit(call: Call, own: Ask = {}, enabled = true): Lit | null {
  const board = useBoard()
  const near = useNear()
  const pointed = useContext(PointedContext)
  const rule = pointed?.rule ?? ''
  // Where nothing else is shown, there is nothing to tell it from.
  const tells = pointed !== null && !has(board.question, 'rule', rule)
  const { data } = useQuery({
    ...answerQuery(call, '', { ...askOf(board), ...own, rule }),
    placeholderData: undefined,
    enabled: near && enabled && tells,
  })
  return useMemo(
    () => (tells && data ? { name: pointed.name, rows: data.rows } : null),
    [tells, pointed, data],
  )
}
