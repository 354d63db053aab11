/** One change of the settings: sent, told, and what was known of it asked anew. */
import { type QueryKey, useMutation, useQueryClient } from '@tanstack/react-query'
import { notify, notifyProblem } from '~/shell/notices'

interface Options<Result, Input> {
  change: (input: Input) => Promise<Result>
  /** What is no longer so afterwards. */
  stale: QueryKey
  /** What happened, in a sentence; none where the page shows it anyway. */
  done?: (result: Result, input: Input) => string
  /** Takes it back, where that can be done. */
  undo?: (result: Result, input: Input) => () => void
  onSuccess?: (result: Result, input: Input) => void
  /** Where a form tells what is wrong by itself, no notice does. */
  quiet?: boolean
}

export function useChange<Result, Input = void>(options: Options<Result, Input>) {
  const { change, stale, done, undo, onSuccess, quiet } = options
  const queries = useQueryClient()
  return useMutation({
    mutationFn: change,
    onSuccess: (result, input) => {
      if (done) notify(done(result, input), { undo: undo?.(result, input) })
      onSuccess?.(result, input)
    },
    onError: error => {
      if (!quiet) notifyProblem(error)
    },
    onSettled: () => queries.invalidateQueries({ queryKey: stale }),
  })
}
