/** The parts of a sentence, and where in it each fact is said. */

/** A part of a sentence, by where in it it stands; the ones from `network` on stand between commas. */
export interface Phrase {
  slot: Slot
  text: string
}

export const SLOTS = [
  'subject',
  'device',
  'place',
  'who',
  'network',
  'traffic',
  'other',
  'day',
  'hour',
  'share',
] as const
export type Slot = (typeof SLOTS)[number]

/** Said one after another without a comma. */
export const CLOSE: readonly Slot[] = ['subject', 'device', 'place', 'who']

export const SLOT_OF: Record<string, Slot> = {
  country: 'place',
  region: 'place',
  city: 'place',
  continent: 'place',
  deviceType: 'device',
  os: 'device',
  osVersion: 'device',
  browser: 'device',
  browserVersion: 'device',
  deviceBrand: 'device',
  language: 'who',
  dayOfWeek: 'day',
  date: 'day',
  hour: 'hour',
  time: 'hour',
  percentile: 'share',
  isNewVisitor: 'who',
  isReturning: 'who',
  ip: 'network',
  connectionType: 'network',
}

export const SLOT_OF_GROUP: Record<string, Slot> = {
  place: 'other',
  provider: 'network',
  ranges: 'network',
  request: 'traffic',
}
