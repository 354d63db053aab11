/** Whom the first rule may be about: two menus, each word of which is a condition. */
import type { Schemas } from '~/api/client'

type Condition = Schemas['NewRule']['when']

export const DEVICES = {
  any: null,
  iphone: { field: 'os', operator: 'equals', value: 'iOS' },
  android: { field: 'os', operator: 'equals', value: 'Android' },
  phone: { field: 'deviceType', operator: 'equals', value: 'mobile' },
  computer: { field: 'deviceType', operator: 'equals', value: 'desktop' },
} as const

/** Beside `any`, countries and `EU`. */
export const PLACES = ['EU', 'DE', 'AT', 'CH', 'FR', 'GB', 'US', 'CA', 'IN', 'JP', 'BR'] as const

export type Device = keyof typeof DEVICES

/** Null where it would be everybody: whoever wants that changes the destination. */
export function conditionOf(device: Device, place: string): Condition | null {
  const tests = [
    DEVICES[device],
    place === 'any' ? null : { field: 'country', operator: 'in', value: [place] },
  ].filter(test => test !== null)
  if (tests.length === 0) return null
  return { all: tests } as Condition
}
