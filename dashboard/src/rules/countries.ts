/** The countries by their codes, groups of them by the names that people use, and how both are read. */

/** ISO 3166-1 alpha-2, and Kosovo. */
export const COUNTRIES: readonly string[] =
  `AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV
   BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES
   ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE
   IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY
   MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU
   NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM
   SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE
   VG VI VN VU WF WS XK YE YT ZA ZM ZW`.split(/\s+/)

/** Names under which several countries are inserted at once. */
export const GROUPS: Readonly<Record<string, readonly string[]>> = {
  EU: 'AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK'.split(' '),
  DACH: ['DE', 'AT', 'CH'],
  Benelux: ['BE', 'NL', 'LU'],
  Nordics: ['DK', 'FI', 'IS', 'NO', 'SE'],
  Baltics: ['EE', 'LV', 'LT'],
  'North America': ['US', 'CA', 'MX'],
}

const KNOWN = new Set(COUNTRIES)

/** What people write that is neither a code nor a name of the list. */
const SPELLINGS: Readonly<Record<string, string>> = {
  uk: 'GB',
  'great britain': 'GB',
  england: 'GB',
  großbritannien: 'GB',
  usa: 'US',
  america: 'US',
  holland: 'NL',
  czechia: 'CZ',
  'czech republic': 'CZ',
  turkey: 'TR',
  'ivory coast': 'CI',
  burma: 'MM',
  uae: 'AE',
}

export interface Read {
  codes: string[]
  /** What is no country. */
  unknown: string[]
}

/**
 * Reads what was pasted: `DE, at; Schweiz` gives DE, AT and CH. Names are read in the languages given
 * and in English.
 */
export function readCountries(text: string, languages: readonly string[] = []): Read {
  const names = namesOf([...new Set([...languages, 'en', 'de'])])
  const codes: string[] = []
  const unknown: string[] = []
  for (const piece of text.split(/[,;\n\t|/]+/)) {
    const whole = meant(piece, names)
    if (whole) {
      codes.push(...whole)
      continue
    }
    // `DE AT CH` has no commas; `Isle of Man` has none either, and was found above.
    for (const word of piece.trim().split(/\s+/).filter(Boolean)) {
      const found = meant(word, names)
      if (found) codes.push(...found)
      else unknown.push(word)
    }
  }
  return { codes: [...new Set(codes)], unknown }
}

/** Takes whole groups out of a list of codes: what is left, and the groups' names. */
export function grouped(codes: readonly string[]): { groups: string[]; codes: string[] } {
  let left = [...codes]
  const groups: string[] = []
  for (const [name, members] of Object.entries(GROUPS)) {
    // A pair or three of a kind is said more plainly by their names.
    if (members.length < 4 || !members.every(code => left.includes(code))) continue
    groups.push(name)
    left = left.filter(code => !members.includes(code))
  }
  return { groups, codes: left }
}

function meant(piece: string, names: Map<string, string>): readonly string[] | undefined {
  const text = piece.trim()
  const code = text.toUpperCase()
  if (KNOWN.has(code)) return [code]
  const group = Object.keys(GROUPS).find(name => name.toLowerCase() === text.toLowerCase())
  if (group) return GROUPS[group]
  const found = SPELLINGS[text.toLowerCase()] ?? names.get(folded(text))
  return found ? [found] : undefined
}

const folded = (text: string) => text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase()

const read = new Map<string, Map<string, string>>()

function namesOf(languages: readonly string[]): Map<string, string> {
  const key = languages.join()
  const known = read.get(key)
  if (known) return known
  const names = new Map<string, string>()
  for (const language of languages) {
    const display = new Intl.DisplayNames(language, { type: 'region' })
    for (const code of COUNTRIES) names.set(folded(display.of(code) ?? code), code)
  }
  read.set(key, names)
  return names
}
