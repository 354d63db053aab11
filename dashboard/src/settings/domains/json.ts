/** JSON as it is typed into a field: empty is null, and half a document is no failure yet. */

export function textOf(value: unknown): string {
  return value === null || value === undefined ? '' : JSON.stringify(value, null, 2)
}

export function jsonOf(text: string): { ok: true; value: unknown } | { ok: false } {
  if (!text.trim()) return { ok: true, value: null }
  try {
    return { ok: true, value: JSON.parse(text) }
  } catch {
    return { ok: false }
  }
}
