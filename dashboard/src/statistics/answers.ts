/** Answers for the parts of a page: of its time, and of the one before. */
import { useQuery } from '@tanstack/react-query'
import { type Answer, type Ask, answerQuery, type Call } from '~/api/statistics'
import { askOf, useBoard } from './board'
import { useNear } from './Part'

/** What still goes on is asked about again every minute. */
const AGAIN_MS = 60_000

export interface Answered {
  now: Answer | undefined
  before: Answer | undefined
  /** Whether the figures are of the question before. */
  old: boolean
  error: Error | null
  at: number
  retry: () => void
}

/** `own` are the parameters of the call itself; figures stay while theirs are the same. */
export function useAnswer(
  call: Call,
  own: Ask = {},
  {
    compared = true,
    enabled = true,
    limitBefore,
  }: { compared?: boolean; enabled?: boolean; limitBefore?: number } = {},
): Answered {
  const board = useBoard()
  const near = useNear()
  const { before, unfinished } = board.window
  const shape = `${board.link ?? ''} ${own.by ?? ''} ${own.interval ?? ''}`
  const again = unfinished ? AGAIN_MS : false
  const now = useQuery({
    ...answerQuery(call, shape, { ...askOf(board), ...own }),
    enabled: near && enabled,
    refetchInterval: again,
  })
  // A line goes on to its end; a number is compared with as much time as has passed.
  const time = before && { from: before.from, to: call === 'series' ? before.to : before.until }
  const earlier = useQuery({
    ...answerQuery(call, shape, {
      ...askOf(board, time ?? undefined),
      ...own,
      ...(limitBefore && { limit: String(limitBefore) }),
    }),
    enabled: near && compared && time !== null,
    refetchInterval: again,
  })
  return {
    now: now.data,
    before: compared && time ? earlier.data : undefined,
    old: now.isPlaceholderData,
    error: now.data && !now.isPlaceholderData ? null : now.error,
    at: now.dataUpdatedAt,
    retry: () => {
      now.refetch()
      if (earlier.isError) earlier.refetch()
    },
  }
}
