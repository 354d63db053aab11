/** Query parameters as lines of `name=value`. */

export function textOfParameters(values: Record<string, string>): string {
  return Object.entries(values)
    .map(([name, value]) => `${name}=${value}`)
    .join('\n')
}

/** The parameters, or the number of the first line that is none. */
export function parametersOf(text: string): { values: Record<string, string> } | { wrong: number } {
  const values: Record<string, string> = {}
  for (const [index, line] of text.split('\n').entries()) {
    if (!line.trim()) continue
    const at = line.indexOf('=')
    if (at < 1) return { wrong: index + 1 }
    values[line.slice(0, at).trim()] = line.slice(at + 1).trim()
  }
  return { values }
}
