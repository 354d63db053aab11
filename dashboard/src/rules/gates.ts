/** What stands before all rules of a link, in a few words. */
import type { Link } from '~/links/link'
import type { Format } from '~/texts/format'
import type { RulesTexts } from './texts'

export function gatesOf(link: Link, t: RulesTexts, format: Format): string {
  return [
    link.enabled ? '' : t.gate.disabled,
    link.archived ? t.gate.archived : '',
    link.hasPassword ? t.gate.password : '',
    link.startsAt ? t.gate.starts(format.time(link.startsAt)) : '',
    link.expiresAt ? t.gate.ends(format.time(link.expiresAt)) : '',
    link.clickLimit ? t.gate.limit(format.number(link.clickLimit)) : '',
  ]
    .filter(Boolean)
    .join(' · ')
}
