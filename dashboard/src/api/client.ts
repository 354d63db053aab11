/** The one way to the server: its documented API, with types made from its own document. */
import createClient from 'openapi-fetch'
import { Problem, problemOf } from './problem'
import type { components, paths } from './schema'

export type Schemas = components['schemas']

export const api = createClient<paths>({ baseUrl: '' })

interface Outcome<T> {
  data?: T
  error?: unknown
  response: Response
}

/** What a call answered; throws a [`Problem`] where it failed. */
export async function got<T>(call: Promise<Outcome<T>>): Promise<T> {
  let outcome: Outcome<T>
  try {
    outcome = await call
  } catch (reason) {
    if (reason instanceof DOMException && reason.name === 'AbortError') throw reason
    throw Problem.offline()
  }
  if (outcome.response.ok) return outcome.data as T
  throw problemOf(outcome.response, outcome.error)
}
