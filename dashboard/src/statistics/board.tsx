/** What all parts of a page of statistics share: the question, its time, and how to change it. */
import { createContext, useContext } from 'react'
import type { Ask } from '~/api/statistics'
import { join, key, type Question } from './question'
import type { Time, Window } from './window'

export interface Board {
  question: Question
  window: Window
  /** The link that the page is about; none: all of them. */
  link: string | undefined
  change: (question: Question) => void
  /** Time, filters and what is left out, in words. */
  caption: string
  /** What files are named by. */
  file: readonly string[]
}

const Context = createContext<Board | null>(null)
export const BoardProvider = Context.Provider

export function useBoard(): Board {
  const board = useContext(Context)
  if (!board) throw new Error('a part of the statistics stands outside of them')
  return board
}

/** A question as the API takes it, of its own time or another. */
export function askOf(
  { question, window, link }: Omit<Board, 'change' | 'caption' | 'file'>,
  time: Time = window,
): Ask {
  const ask: Ask = { from: time.from, to: time.to, timezone: window.zone }
  if (question.bots) ask.bots = 'include'
  if (question.subject) ask[question.subject.by] = join([question.subject.value])
  for (const filter of question.filters) ask[key(filter)] = join(filter.values)
  if (link) ask.link = link
  return ask
}
