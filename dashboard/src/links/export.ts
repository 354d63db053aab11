/** Links as a file: what it is called, and how it is fetched. */
import { got } from '~/api/client'
import { asked, type Filter } from './list'

/** `links tag mail, state expired, spring 2026-11-22.csv`: what was asked for, and when. */
export function exportName(filter: Filter, today = new Date()): string {
  const parts = [
    filter.tag && `tag ${filter.tag}`,
    filter.domain,
    filter.folder && `folder ${filter.folder}`,
    filter.state && `state ${filter.state}`,
    filter.q,
  ].filter(Boolean)
  const name = ['links', parts.join(', '), today.toISOString().slice(0, 10)].filter(Boolean)
  return `${name.join(' ').replace(/[^\p{L}\p{N} .,_-]+/gu, '-')}.csv`
}

export async function exportLinks(filter: Filter, name: string) {
  const query = new URLSearchParams({ format: 'csv' })
  for (const [key, value] of Object.entries(asked(filter))) {
    if (value !== undefined) query.append(key, String(value))
  }
  const file = await got<Blob>(
    fetch(`/api/v1/links/export?${query}`).then(async response =>
      response.ok
        ? { response, data: await response.blob() }
        : { response, error: await response.json().catch(() => null) },
    ),
  )
  save(file, name)
}

/** Hands a file to the reader's downloads. */
export function save(file: Blob, name: string) {
  const address = URL.createObjectURL(file)
  const anchor = document.createElement('a')
  anchor.href = address
  anchor.download = name
  anchor.click()
  setTimeout(() => URL.revokeObjectURL(address), 60_000)
}
