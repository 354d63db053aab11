/** What stands behind an address, and whether a slug is free. */
import { got } from './client'
import { Problem } from './problem'

export interface Preview {
  title?: string | null
  description?: string | null
  /** As `data:`, where the server brings it: this page loads nothing from elsewhere. */
  icon?: string | null
  image?: string | null
  status?: number | null
  finalUrl?: string | null
  /** Why nothing more is known: it takes too long, and the like. */
  problem?: string | null
  warnings?: { kind: string; message: string }[]
}

export interface SlugAnswer {
  state: 'free' | 'taken' | 'reserved' | 'wrong'
  detail?: string | null
  link?: string | null
  proposals: string[]
}

/** Null where this server does not look. */
export function previewOf(url: string, signal: AbortSignal): Promise<Preview | null> {
  return ifThere(
    sent<Preview>('/api/v1/destinations/preview', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ url }),
      signal,
    }),
  )
}

/** Null where this server does not say. */
export function checkSlug(
  domain: string,
  slug: string,
  signal: AbortSignal,
): Promise<SlugAnswer | null> {
  const query = new URLSearchParams({ slug, ...(domain && { domain }) })
  return ifThere(sent<SlugAnswer>(`/api/v1/slugs/check?${query}`, { signal }))
}

async function ifThere<T>(call: Promise<T>): Promise<T | null> {
  try {
    return await call
  } catch (error) {
    if (error instanceof Problem && error.status === 404) return null
    throw error
  }
}

function sent<T>(address: string, init: RequestInit): Promise<T> {
  return got<T>(
    fetch(address, init).then(async response => {
      const body = await response.json().catch(() => null)
      return response.ok ? { response, data: body } : { response, error: body }
    }),
  )
}
