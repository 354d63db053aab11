/** Addresses and networks, a line each. */

/** What is wrong with one, where something is: it is no address, or its prefix is too long. */
export function faultOf(text: string): { prefix: number } | 'address' | undefined {
  const [address = '', prefix, more] = text.split('/')
  const most = isV4(address) ? 32 : isV6(address) ? 128 : undefined
  if (most === undefined || more !== undefined) return 'address'
  if (prefix === undefined) return undefined
  return /^\d{1,3}$/.test(prefix) && Number(prefix) <= most ? undefined : { prefix: most }
}

export function readLines(text: string): string[] {
  return text
    .split(/[\n,;\s]+/)
    .map(line => line.trim())
    .filter(Boolean)
}

function isV4(text: string): boolean {
  const parts = text.split('.')
  return parts.length === 4 && parts.every(part => /^\d{1,3}$/.test(part) && Number(part) < 256)
}

function isV6(text: string): boolean {
  if (!/^[0-9a-f:.]+$/i.test(text) || !text.includes(':')) return false
  const [head = '', tail, more] = text.split('::')
  if (more !== undefined) return false
  const groups = (part: string) => (part ? part.split(':') : [])
  const all = [...groups(head), ...groups(tail ?? '')]
  const size = all.reduce((sum, group) => sum + (group.includes('.') ? 2 : 1), 0)
  const fits = all.every(group =>
    group.includes('.') ? isV4(group) : /^[0-9a-f]{1,4}$/i.test(group),
  )
  return fits && (tail === undefined ? size === 8 : size < 8)
}
