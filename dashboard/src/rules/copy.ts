/** A rule as something to paste: its address, its JSON, or a command that makes it elsewhere. */
import type { Link } from '~/links/link'
import type { Rule } from './plan'

export function copied(
  form: 'link' | 'json' | 'curl',
  link: Link,
  rule: Rule,
  id: string | undefined,
): string {
  const { key: _, ...bare } = rule
  const { origin } = window.location
  switch (form) {
    case 'link':
      return `${origin}/app/links/${link.id}/rules${id ? `?rule=${id}` : ''}`
    case 'json':
      return JSON.stringify(bare, null, 2)
    case 'curl':
      return [
        `curl -X POST ${origin}/api/v1/links/${link.id}/rules`,
        '-H "Authorization: Bearer $WAYPOST_KEY"',
        "-H 'Content-Type: application/json'",
        // A quote within single quotes of a shell: close, quote it, open again.
        `-d '${JSON.stringify(bare).replaceAll("'", "'\\''")}'`,
      ].join(' \\\n  ')
  }
}
