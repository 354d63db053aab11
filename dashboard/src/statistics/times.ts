/** Times as the reader writes them, in any zone: what writes them is made once, as that is slow. */

const made = new Map<string, Intl.DateTimeFormat>()

export function timeIn(
  language: string,
  zone: string,
  options: Intl.DateTimeFormatOptions,
): Intl.DateTimeFormat {
  const key = `${language} ${zone} ${JSON.stringify(options)}`
  const known = made.get(key)
  if (known) return known
  const format = new Intl.DateTimeFormat(language, { ...options, timeZone: zone })
  made.set(key, format)
  return format
}
