import { defineTexts } from '~/texts/texts'

const en = {
  title: 'Places and networks',
  about:
    'Where Waypost learns from what country, city or network a visitor comes. Nothing is asked of other services.',
  sources: 'Sources',
  builtIn: 'built in',
  builtAt: (date: string, age: string) => `built ${date} (${age})`,
  days: (n: number) => (n === 1 ? 'one day old' : `${n} days old`),
  old: 'Older than 60 days: networks change owners, so some visitors are placed wrongly. Put a newer file in its place.',
  oldBuiltIn: 'Older than 60 days: a newer version of Waypost brings newer data.',
  tells: (fields: string) => `tells ${fields}`,
  notUsed: 'not used',
  keptBefore: 'not used; what it held before still is',
  missing: 'What nobody tells',
  missingWhat: (fields: string) =>
    `${fields}: unknown for everyone. Rules that ask for it match nobody.`,
  allTold: 'All that rules can ask for is told by one of them.',
  field: {
    country: 'country',
    region: 'region',
    city: 'city',
    timezone: 'time zone',
    coordinates: 'coordinates',
    connection: 'kind of connection',
    isp: 'provider',
    asn: 'network number (ASN)',
    anonymity: 'VPN, proxy, Tor and data centres',
  } as Record<string, string>,
  add: 'Add a source',
  addWhat:
    'Put a file into the folder that the setting WAYPOST_GEO_DIR names. It is read within a minute, without a restart, and again whenever it changes.',
  kinds: [
    [
      'A database (.mmdb)',
      'City databases of DB-IP, MaxMind, IPinfo or ip-location-db tell cities and regions; ASN databases tell providers. DB-IP City Lite is free to use with its name shown.',
    ],
    [
      'A list of networks (.txt)',
      'Named after its kind: vpn.txt, proxy.txt, tor.txt or datacenter.txt. One address or network a line.',
    ],
  ] as [string, string][],
}

export type GeoTexts = typeof en
export const geoTexts = defineTexts<GeoTexts>(en, { de: () => import('./texts.de') })
