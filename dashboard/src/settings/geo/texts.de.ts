import type { GeoTexts } from './texts'

const de: GeoTexts = {
  title: 'Orte und Netze',
  about:
    'Woher Waypost weiß, aus welchem Land, welcher Stadt oder welchem Netz ein Besucher kommt. Kein anderer Dienst wird gefragt.',
  sources: 'Quellen',
  builtIn: 'eingebaut',
  builtAt: (date, age) => `vom ${date} (${age})`,
  days: n => (n === 1 ? 'einen Tag alt' : `${n} Tage alt`),
  old: 'Älter als 60 Tage: Netze wechseln den Besitzer, manche Besucher werden falsch verortet. Ersetzen Sie die Datei durch eine neuere.',
  oldBuiltIn: 'Älter als 60 Tage: Eine neuere Version von Waypost bringt neuere Daten mit.',
  tells: fields => `sagt ${fields}`,
  notUsed: 'nicht benutzt',
  keptBefore: 'nicht benutzt; was sie vorher enthielt, gilt weiter',
  missing: 'Was niemand sagt',
  missingWhat: fields =>
    `${fields}: für alle unbekannt. Regeln, die danach fragen, treffen auf niemanden zu.`,
  allTold: 'Alles, wonach Regeln fragen können, sagt eine von ihnen.',
  field: {
    country: 'Land',
    region: 'Region',
    city: 'Stadt',
    timezone: 'Zeitzone',
    coordinates: 'Koordinaten',
    connection: 'Art der Verbindung',
    isp: 'Anbieter',
    asn: 'Netznummer (ASN)',
    anonymity: 'VPN, Proxy, Tor und Rechenzentren',
  },
  add: 'Eine Quelle hinzufügen',
  addWhat:
    'Legen Sie eine Datei in den Ordner, den die Einstellung WAYPOST_GEO_DIR nennt. Sie wird binnen einer Minute gelesen, ohne Neustart, und wieder, sobald sie sich ändert.',
  kinds: [
    [
      'Eine Datenbank (.mmdb)',
      'Städte-Datenbanken von DB-IP, MaxMind, IPinfo oder ip-location-db sagen Städte und Regionen; ASN-Datenbanken sagen Anbieter. DB-IP City Lite ist frei, wenn ihr Name genannt wird.',
    ],
    [
      'Eine Liste von Netzen (.txt)',
      'Nach ihrer Art benannt: vpn.txt, proxy.txt, tor.txt oder datacenter.txt. Eine Adresse oder ein Netz je Zeile.',
    ],
  ],
}

export default de
