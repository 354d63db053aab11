import type { Grammar } from './grammar'

const clock = (minutes: number) =>
  minutes % 60
    ? `${Math.floor(minutes / 60) % 24}:${String(minutes % 60).padStart(2, '0')}`
    : `${minutes / 60}`

const DAYS = [
  'Sonntag',
  'Montag',
  'Dienstag',
  'Mittwoch',
  'Donnerstag',
  'Freitag',
  'Samstag',
] as const

function listed(words: readonly string[], word: string): string {
  if (words.length < 2) return words[0] ?? ''
  return `${words.slice(0, -1).join(', ')} ${word} ${words.at(-1)}`
}

const de: Grammar = {
  locale: 'de',
  everyone: 'Alle',
  or: words => listed(words, 'oder'),
  and: words => listed(words, 'und'),
  more: n => `${n} weitere`,
  not: phrase => `nicht ${phrase}`,
  neither: phrases => `weder ${phrases.join(' noch ')}`,
  either: phrases =>
    phrases.some(phrase => / (oder|und) /.test(phrase))
      ? `entweder ${phrases.join(', oder ')}`
      : listed(phrases, 'oder'),
  is: {
    country: values => `in ${values}`,
    region: values => `in der Region ${values}`,
    city: values => `in ${values}`,
    continent: values => `in ${values}`,
    timezone: values => `in der Zeitzone ${values}`,
    isp: values => `beim Anbieter ${values}`,
    asn: values => `im Netz ${values}`,
    connectionType: values => `über ${values}`,
    latitude: values => `auf Breite ${values}`,
    longitude: values => `auf Länge ${values}`,
    deviceType: values => `mit ${values}`,
    os: values => `mit ${values}`,
    osVersion: values => `mit Systemversion ${values}`,
    browser: values => `mit ${values}`,
    browserVersion: values => `mit Browserversion ${values}`,
    deviceBrand: values => `mit Gerät von ${values}`,
    language: values => `mit Sprache ${values}`,
    ip: values => `von der Adresse ${values}`,
    referrer: values => `von ${values} kommend`,
    referrerDomain: values => `von ${values} kommend`,
    utmSource: values => `mit UTM-Quelle ${values}`,
    utmMedium: values => `mit UTM-Medium ${values}`,
    utmCampaign: values => `mit UTM-Kampagne ${values}`,
    utmTerm: values => `mit UTM-Begriff ${values}`,
    utmContent: values => `mit UTM-Inhalt ${values}`,
    'query.*': (values, name) => `mit ?${name}=${values}`,
    'header.*': (values, name) => `mit dem Header ${name}: ${values}`,
    'cookie.*': (values, name) => `mit dem Cookie ${name}=${values}`,
    date: values => `am ${values}`,
    percentile: values => `mit der Zahl ${values} von 0 bis 99`,
  },
  isElse: (label, values) => `bei denen ${label} ${values} ist`,
  compares: {
    contains: (label, value) => `bei denen ${label} ${value} enthält`,
    starts_with: (label, value) => `bei denen ${label} mit ${value} beginnt`,
    ends_with: (label, value) => `bei denen ${label} mit ${value} endet`,
    matches: (label, value) => `bei denen ${label} auf ${value} passt`,
    greater_than: (label, value) => `bei denen ${label} über ${value} liegt`,
    less_than: (label, value) => `bei denen ${label} unter ${value} liegt`,
    between: (label, low, high) => `bei denen ${label} zwischen ${low} und ${high} liegt`,
    exists: label => `bei denen ${label} bekannt ist`,
  },
  comparesOwn: {
    osVersion: {
      greater_than: value => `mit neuerem System als ${value}`,
      less_than: value => `mit älterem System als ${value}`,
      between: (low, high) => `mit Systemversion ${low} bis ${high}`,
    },
    browserVersion: {
      greater_than: value => `mit neuerem Browser als ${value}`,
      less_than: value => `mit älterem Browser als ${value}`,
      between: (low, high) => `mit Browserversion ${low} bis ${high}`,
    },
    date: {
      greater_than: value => `nach dem ${value}`,
      less_than: value => `vor dem ${value}`,
      between: (low, high) => `vom ${low} bis zum ${high}`,
    },
    latitude: {
      greater_than: value => `nördlich von Breite ${value}`,
      less_than: value => `südlich von Breite ${value}`,
      between: (low, high) => `zwischen den Breiten ${low} und ${high}`,
    },
    longitude: {
      greater_than: value => `östlich von Länge ${value}`,
      less_than: value => `westlich von Länge ${value}`,
      between: (low, high) => `zwischen den Längen ${low} und ${high}`,
    },
  },
  present: {
    referrer: [() => 'mit Referrer', () => 'ohne Referrer'],
    referrerDomain: [() => 'von einer anderen Seite kommend', () => 'von nirgendwo kommend'],
    utmSource: [() => 'mit UTM-Quelle', () => 'ohne UTM-Quelle'],
    utmMedium: [() => 'mit UTM-Medium', () => 'ohne UTM-Medium'],
    utmCampaign: [() => 'mit UTM-Kampagne', () => 'ohne UTM-Kampagne'],
    utmTerm: [() => 'mit UTM-Begriff', () => 'ohne UTM-Begriff'],
    utmContent: [() => 'mit UTM-Inhalt', () => 'ohne UTM-Inhalt'],
    'query.*': [name => `mit ?${name}`, name => `ohne ?${name}`],
    'header.*': [name => `mit dem Header ${name}`, name => `ohne den Header ${name}`],
    'cookie.*': [name => `mit dem Cookie ${name}`, name => `ohne das Cookie ${name}`],
  },
  flags: {
    vpn: ['über ein VPN', 'nicht über ein VPN'],
    proxy: ['über einen offenen Proxy', 'nicht über einen offenen Proxy'],
    tor: ['über Tor', 'nicht über Tor'],
    datacenter: ['aus einem Rechenzentrum', 'nicht aus einem Rechenzentrum'],
    bot: ['die Bots sind', 'die keine Bots sind'],
    isCrawler: ['die Crawler sind', 'die keine Crawler sind'],
    isNewVisitor: ['die neu sind', 'die schon einmal da waren'],
    isReturning: ['die schon einmal da waren', 'die neu sind'],
  },
  subjects: {
    bot: ['Bots', 'Menschen'],
    isCrawler: ['Crawler', null],
    isNewVisitor: ['Neue Besucher', 'Wiederkehrende Besucher'],
    isReturning: ['Wiederkehrende Besucher', 'Neue Besucher'],
  },
  values: {
    deviceType: {
      mobile: 'Telefon',
      tablet: 'Tablet',
      desktop: 'Computer',
      tv: 'Fernseher',
      console: 'Konsole',
      bot: 'Bot',
    },
    connectionType: {
      cellular: 'Mobilfunk',
      'cable/dsl': 'Kabel oder DSL',
      corporate: 'ein Firmennetz',
      dialup: 'Einwahl',
      satellite: 'Satellit',
    },
    continent: {
      AF: 'Afrika',
      AN: 'der Antarktis',
      AS: 'Asien',
      EU: 'Europa',
      NA: 'Nordamerika',
      OC: 'Ozeanien',
      SA: 'Südamerika',
    },
  },
  countries: {
    AE: 'den Emiraten',
    CD: 'der DR Kongo',
    CF: 'der Zentralafrikanischen Republik',
    CH: 'der Schweiz',
    DO: 'der Dominikanischen Republik',
    GB: 'Großbritannien',
    IR: 'dem Iran',
    IQ: 'dem Irak',
    MN: 'der Mongolei',
    MV: 'den Malediven',
    NL: 'den Niederlanden',
    PH: 'den Philippinen',
    SK: 'der Slowakei',
    TR: 'der Türkei',
    UA: 'der Ukraine',
    US: 'den USA',
    VA: 'der Vatikanstadt',
    QF: 'Afrika',
    QS: 'Asien',
    QE: 'Europa',
    QO: 'Ozeanien',
    QN: 'Nordamerika',
    QT: 'Südamerika',
  },
  groups: { EU: 'der EU', Nordics: 'den nordischen Ländern' },
  days: days => {
    const key = days.join('')
    if (key === '12345') return 'werktags'
    if (key === '06') return 'am Wochenende'
    if (days.length === 7) return 'an jedem Tag'
    const first = days[0] ?? 0
    if (2 < days.length && days.at(-1) === first + days.length - 1) {
      return `von ${DAYS[first]} bis ${DAYS[days.at(-1)!]}`
    }
    return listed(
      days.map(day => `${DAYS[day]?.toLowerCase()}s`),
      'und',
    )
  },
  hours: spans => {
    const [span, ...rest] = spans
    if (!span) return 'zu keiner Stunde'
    if (rest.length === 0) {
      const [from, to] = span
      if (from === 0 && to === 1440) return 'zu jeder Stunde'
      if (from === 0) return `vor ${clock(to)} Uhr`
      if (to === 1440) return `nach ${clock(from)} Uhr`
    }
    return `von ${listed(
      spans.map(([from, to]) => `${clock(from)} bis ${clock(to)} Uhr`),
      'und',
    )}`
  },
  zone: name => `(Zeit von ${name.replaceAll('_', ' ')})`,
  share: percent => `für ${percent} % von ihnen`,
  quoted: text => `„${text}“`,
  isClause: phrase => phrase.startsWith('bei denen '),
  redirect: (who, where) => `${who} gehen zu ${where}`,
  split: (who, ways) => `${who}: ${ways.map(way => `${way.share} zu ${way.where}`).join(', ')}`,
  block: (who, status) => `${who} werden abgewiesen (${status})`,
  missing: '…',
}

export default de
