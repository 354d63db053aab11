/** Visitors that somebody keeps at hand: people to try every link with. */
import { useMemo } from 'react'
import { usePreference } from '~/api/preferences'
import { currentLanguage, useTexts } from '~/texts/texts'
import { type VisitorsTexts, visitorsTexts } from './texts'
import type { Visitor } from './visitor'

export interface SavedVisitor {
  id: string
  name: string
  visitor: Visitor
}

/** Nothing was kept yet: the set that everybody starts with. */
const NONE: readonly SavedVisitor[] | null = null

export function useSavedVisitors() {
  const { starters } = useTexts(visitorsTexts)
  const first = useMemo(() => starting(starters), [starters])
  const { value, set } = usePreference<readonly SavedVisitor[] | null>('visitors', NONE)
  const visitors = value ?? first
  const change = (next: (before: readonly SavedVisitor[]) => readonly SavedVisitor[]) =>
    set(before => next(before ?? first))
  return {
    visitors,
    /** Puts it in the place of the one with its id, else behind all. */
    save: (saved: SavedVisitor) =>
      change(all =>
        all.some(({ id }) => id === saved.id)
          ? all.map(other => (other.id === saved.id ? saved : other))
          : [...all, saved],
      ),
    remove: (id: string) => change(all => all.filter(other => other.id !== id)),
    /** Where it was, as an undo has it. */
    insert: (saved: SavedVisitor, at: number) => change(all => all.toSpliced(at, 0, saved)),
    /** Those of the starting set that are not there any more. */
    missing: first.filter(({ id }) => !visitors.some(other => other.id === id)),
    restore: () =>
      change(all => [...all, ...first.filter(({ id }) => !all.some(other => other.id === id))]),
  }
}

export const newId = () => crypto.randomUUID().slice(0, 8)

/** A set that meets most rules that people write: places, devices, a bot, and one who tells nothing. */
export function starting(names: VisitorsTexts['starters']): SavedVisitor[] {
  const home = currentLanguage() === 'de' ? 'de-DE' : 'de'
  const person = { bot: 'false', isCrawler: 'false', vpn: 'false', datacenter: 'false' }
  const facts = {
    iphone: {
      country: 'US',
      region: 'US-NY',
      city: 'New York',
      timezone: 'America/New_York',
      deviceType: 'mobile',
      deviceBrand: 'Apple',
      os: 'iOS',
      osVersion: '18.5',
      browser: 'Safari',
      browserVersion: '18.5',
      language: 'en-US',
      isNewVisitor: 'true',
      ...person,
    },
    android: {
      country: 'DE',
      region: 'DE-BY',
      city: 'Munich',
      timezone: 'Europe/Berlin',
      deviceType: 'mobile',
      deviceBrand: 'Samsung',
      os: 'Android',
      osVersion: '15',
      browser: 'Chrome',
      browserVersion: '131',
      language: home,
      isNewVisitor: 'true',
      ...person,
    },
    desktop: {
      country: 'GB',
      region: 'GB-ENG',
      city: 'London',
      timezone: 'Europe/London',
      deviceType: 'desktop',
      os: 'Windows',
      osVersion: '10',
      browser: 'Chrome',
      browserVersion: '131',
      language: 'en-GB',
      isNewVisitor: 'false',
      ...person,
    },
    mac: {
      country: 'CA',
      region: 'CA-QC',
      city: 'Montreal',
      timezone: 'America/Toronto',
      deviceType: 'desktop',
      deviceBrand: 'Apple',
      os: 'macOS',
      osVersion: '15.5',
      browser: 'Safari',
      browserVersion: '18.5',
      language: 'fr-CA',
      isNewVisitor: 'true',
      ...person,
    },
    newsletter: {
      country: 'AT',
      region: 'AT-9',
      city: 'Vienna',
      timezone: 'Europe/Vienna',
      deviceType: 'tablet',
      deviceBrand: 'Apple',
      os: 'iOS',
      osVersion: '18.5',
      browser: 'Safari',
      browserVersion: '18.5',
      language: 'de-AT',
      utmSource: 'newsletter',
      utmMedium: 'email',
      utmCampaign: 'spring',
      isNewVisitor: 'false',
      ...person,
    },
    private: {
      country: 'FR',
      region: null,
      city: null,
      deviceType: 'desktop',
      os: 'Linux',
      browser: 'Firefox',
      browserVersion: '140',
      language: 'fr',
      isNewVisitor: null,
      ...person,
      vpn: 'true',
    },
    bot: {
      country: 'US',
      deviceType: 'bot',
      os: null,
      browser: null,
      bot: 'true',
      isCrawler: 'true',
      datacenter: 'true',
    },
  }
  return Object.entries(facts).map(([id, facts]) => ({
    id,
    name: names[id as keyof typeof names],
    visitor: { facts },
  }))
}
