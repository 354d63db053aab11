import type { Grammar } from './grammar'

const clock = (minutes: number) =>
  `${Math.floor(minutes / 60) % 24}:${String(minutes % 60).padStart(2, '0')}`

const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday']

/** `A, B or C`, in English. */
function listed(words: readonly string[], word: string): string {
  if (words.length < 2) return words[0] ?? ''
  return `${words.slice(0, -1).join(', ')} ${word} ${words.at(-1)}`
}

const en: Grammar = {
  locale: 'en',
  everyone: 'Everyone',
  or: words => listed(words, 'or'),
  and: words => listed(words, 'and'),
  more: n => `${n} more`,
  not: phrase => `not ${phrase}`,
  neither: phrases => `neither ${phrases.join(' nor ')}`,
  either: phrases =>
    phrases.some(phrase => / (or|and) /.test(phrase))
      ? `either ${phrases.join(', or ')}`
      : listed(phrases, 'or'),
  is: {
    country: values => `in ${values}`,
    region: values => `in the region ${values}`,
    city: values => `in ${values}`,
    continent: values => `in ${values}`,
    timezone: values => `in the time zone ${values}`,
    isp: values => `with the provider ${values}`,
    asn: values => `on network ${values}`,
    connectionType: values => `on a ${values} connection`,
    latitude: values => `at latitude ${values}`,
    longitude: values => `at longitude ${values}`,
    deviceType: values => `on ${values}`,
    os: values => `on ${values}`,
    osVersion: values => `with system version ${values}`,
    browser: values => `using ${values}`,
    browserVersion: values => `with browser version ${values}`,
    deviceBrand: values => `with a device by ${values}`,
    language: values => `reading ${values}`,
    ip: values => `from the address ${values}`,
    referrer: values => `coming from ${values}`,
    referrerDomain: values => `coming from ${values}`,
    utmSource: values => `with UTM source ${values}`,
    utmMedium: values => `with UTM medium ${values}`,
    utmCampaign: values => `with UTM campaign ${values}`,
    utmTerm: values => `with UTM term ${values}`,
    utmContent: values => `with UTM content ${values}`,
    'query.*': (values, name) => `with ?${name}=${values}`,
    'header.*': (values, name) => `with the header ${name}: ${values}`,
    'cookie.*': (values, name) => `with the cookie ${name}=${values}`,
    date: values => `on ${values}`,
    percentile: values => `with the number ${values} of 0 to 99`,
  },
  isElse: (label, values) => `whose ${label} is ${values}`,
  compares: {
    contains: (label, value) => `whose ${label} contains ${value}`,
    starts_with: (label, value) => `whose ${label} starts with ${value}`,
    ends_with: (label, value) => `whose ${label} ends with ${value}`,
    matches: (label, value) => `whose ${label} matches ${value}`,
    greater_than: (label, value) => `whose ${label} is above ${value}`,
    less_than: (label, value) => `whose ${label} is below ${value}`,
    between: (label, low, high) => `whose ${label} is between ${low} and ${high}`,
    exists: label => `whose ${label} is known`,
  },
  comparesOwn: {
    osVersion: {
      greater_than: value => `with a system newer than ${value}`,
      less_than: value => `with a system older than ${value}`,
      between: (low, high) => `with system version ${low} to ${high}`,
    },
    browserVersion: {
      greater_than: value => `with a browser newer than ${value}`,
      less_than: value => `with a browser older than ${value}`,
      between: (low, high) => `with browser version ${low} to ${high}`,
    },
    date: {
      greater_than: value => `after ${value}`,
      less_than: value => `before ${value}`,
      between: (low, high) => `from ${low} to ${high}`,
    },
    latitude: {
      greater_than: value => `north of latitude ${value}`,
      less_than: value => `south of latitude ${value}`,
      between: (low, high) => `between latitudes ${low} and ${high}`,
    },
    longitude: {
      greater_than: value => `east of longitude ${value}`,
      less_than: value => `west of longitude ${value}`,
      between: (low, high) => `between longitudes ${low} and ${high}`,
    },
  },
  present: {
    referrer: [() => 'with a referrer', () => 'without a referrer'],
    referrerDomain: [() => 'coming from another site', () => 'coming from nowhere'],
    utmSource: [() => 'with a UTM source', () => 'without a UTM source'],
    utmMedium: [() => 'with a UTM medium', () => 'without a UTM medium'],
    utmCampaign: [() => 'with a UTM campaign', () => 'without a UTM campaign'],
    utmTerm: [() => 'with a UTM term', () => 'without a UTM term'],
    utmContent: [() => 'with UTM content', () => 'without UTM content'],
    'query.*': [name => `with ?${name}`, name => `without ?${name}`],
    'header.*': [name => `with the header ${name}`, name => `without the header ${name}`],
    'cookie.*': [name => `with the cookie ${name}`, name => `without the cookie ${name}`],
  },
  flags: {
    vpn: ['through a VPN', 'not through a VPN'],
    proxy: ['through an open proxy', 'not through an open proxy'],
    tor: ['through Tor', 'not through Tor'],
    datacenter: ['from a datacenter', 'not from a datacenter'],
    bot: ['who are bots', 'who are no bots'],
    isCrawler: ['who are crawlers', 'who are no crawlers'],
    isNewVisitor: ['who are new', 'who were here before'],
    isReturning: ['who were here before', 'who are new'],
  },
  subjects: {
    bot: ['Bots', 'People'],
    isCrawler: ['Crawlers', null],
    isNewVisitor: ['New visitors', 'Returning visitors'],
    isReturning: ['Returning visitors', 'New visitors'],
  },
  values: {
    deviceType: {
      mobile: 'phones',
      tablet: 'tablets',
      desktop: 'desktops',
      tv: 'TVs',
      console: 'consoles',
      bot: 'bots',
    },
    connectionType: {
      'cable/dsl': 'cable or DSL',
      dialup: 'dial-up',
    },
    continent: {
      AF: 'Africa',
      AN: 'Antarctica',
      AS: 'Asia',
      EU: 'Europe',
      NA: 'North America',
      OC: 'Oceania',
      SA: 'South America',
    },
  },
  countries: {
    AE: 'the Emirates',
    BS: 'the Bahamas',
    CD: 'the DR Congo',
    CF: 'the Central African Republic',
    DO: 'the Dominican Republic',
    GB: 'the UK',
    GM: 'the Gambia',
    KY: 'the Cayman Islands',
    MV: 'the Maldives',
    NL: 'the Netherlands',
    PH: 'the Philippines',
    SC: 'the Seychelles',
    US: 'the US',
    QF: 'Africa',
    QS: 'Asia',
    QE: 'Europe',
    QO: 'Oceania',
    QN: 'North America',
    QT: 'South America',
  },
  groups: { EU: 'the EU', Nordics: 'the Nordic countries' },
  days: days => {
    const key = days.join('')
    if (key === '12345') return 'on weekdays'
    if (key === '06') return 'at weekends'
    if (days.length === 7) return 'on any day'
    const first = days[0] ?? 0
    if (2 < days.length && days.at(-1) === first + days.length - 1) {
      return `from ${DAYS[first]} to ${DAYS[days.at(-1)!]}`
    }
    return `on ${listed(
      days.map(day => `${DAYS[day]}s`),
      'and',
    )}`
  },
  hours: spans => {
    const [span, ...rest] = spans
    if (!span) return 'at no hour'
    if (rest.length === 0) {
      const [from, to] = span
      if (from === 0 && to === 1440) return 'at any hour'
      if (from === 0) return `before ${clock(to)}`
      if (to === 1440) return `after ${clock(from)}`
    }
    const each = spans.map(([from, to]) => `${clock(from)} to ${clock(to)}`)
    return `from ${listed(each, 'and')}`
  },
  zone: name => `(${name.replaceAll('_', ' ')} time)`,
  share: percent => `for ${percent} % of them`,
  quoted: text => `“${text}”`,
  isClause: () => false,
  redirect: (who, where, one) => `${who} ${one ? 'goes' : 'go'} to ${where}`,
  split: (who, ways) => `${who}: ${ways.map(way => `${way.share} to ${way.where}`).join(', ')}`,
  block: (who, status, one) => `${who} ${one ? 'is' : 'are'} turned away (${status})`,
  missing: '…',
}

export default en
