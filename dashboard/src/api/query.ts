/** What was fetched, for how long it is good, and what is tried again. */
import { QueryCache, QueryClient } from '@tanstack/react-query'
import { Problem } from './problem'

export const queries = new QueryClient({
  queryCache: new QueryCache({
    onError: error => {
      if (error instanceof Problem && error.status === 401) signedOut()
    },
  }),
  defaultOptions: {
    queries: {
      staleTime: 10_000,
      refetchOnWindowFocus: true,
      // What was refused is refused again; only what may pass is tried again.
      retry: (failures, error) =>
        failures < 2 && error instanceof Problem && (error.status === 0 || 502 < error.status),
    },
  },
})

let signedOut = () => {}

/** Whom to tell that nobody is signed in any more. */
export function onSignedOut(listener: () => void) {
  signedOut = listener
}
