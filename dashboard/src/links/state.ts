/** What a link is doing right now, as one of six words. */
import {
  IconArchive,
  IconCircleCheck,
  IconCircleDashed,
  IconClockPause,
  IconClockX,
  IconGauge,
} from '@tabler/icons-react'
import type { Link } from './link'

export type State = 'active' | 'disabled' | 'archived' | 'scheduled' | 'expired' | 'usedUp'

/** How each state is drawn; its word stands in the texts. */
export const STATES: Record<State, { icon: typeof IconArchive; color: string }> = {
  active: { icon: IconCircleCheck, color: 'var(--yes)' },
  disabled: { icon: IconCircleDashed, color: 'var(--text-3)' },
  archived: { icon: IconArchive, color: 'var(--text-3)' },
  scheduled: { icon: IconClockPause, color: 'var(--info)' },
  expired: { icon: IconClockX, color: 'var(--unknown)' },
  usedUp: { icon: IconGauge, color: 'var(--unknown)' },
}

type Told = Pick<Link, 'enabled' | 'archived' | 'startsAt' | 'expiresAt' | 'clickLimit' | 'clicks'>

/** In the order in which the server's gates ask. */
export function stateOf(link: Told, now = Date.now()): State {
  if (link.archived) return 'archived'
  if (!link.enabled) return 'disabled'
  if (link.startsAt && now < Date.parse(link.startsAt)) return 'scheduled'
  if (link.expiresAt && Date.parse(link.expiresAt) <= now) return 'expired'
  if (typeof link.clickLimit === 'number' && link.clickLimit <= link.clicks) return 'usedUp'
  return 'active'
}
