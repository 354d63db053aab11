/** Calls that the generated types do not know yet: the same way, with a type that the caller states. */
import { got } from './client'

export function call<T>(method: string, path: string, body?: unknown): Promise<T> {
  return got<T>(sent(method, path, body))
}

async function sent<T>(method: string, path: string, body: unknown) {
  const response = await fetch(path, {
    method,
    credentials: 'same-origin',
    headers: body === undefined ? {} : { 'content-type': 'application/json' },
    body: body === undefined ? undefined : JSON.stringify(body),
  })
  const text = await response.text()
  const json = /json/.test(response.headers.get('content-type') ?? '')
  const answer = json && text ? JSON.parse(text) : undefined
  return response.ok ? { data: answer as T, response } : { error: answer, response }
}
