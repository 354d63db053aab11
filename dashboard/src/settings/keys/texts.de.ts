import type { KeysTexts } from './texts'

const de: KeysTexts = {
  title: 'API-Schlüssel',
  about:
    'Für Skripte und andere Programme. Ein Schlüssel handelt für diesen Arbeitsbereich, in seinen Grenzen.',
  documentation: 'API-Dokumentation',
  add: 'Neuer Schlüssel',
  none: 'Noch keine Schlüssel',
  noneWhat:
    'Mit einem Schlüssel kann ein Skript, was Sie hier können: Links anlegen, Statistik lesen, Bestellungen melden.',
  name: 'Name',
  nameWhat: 'Wo er benutzt wird, etwa „Shop“ oder „Deploy-Skript“.',
  scopes: 'Was er darf',
  everything: 'Alles',
  everythingWhat: 'Wie ein Eigentümer: auch Schlüssel, Mitglieder und Domains.',
  chosen: 'Nur was gewählt ist',
  scope: {
    'links:read': ['Links sehen', 'Listet Links mit Einstellungen, Tags und Ordnern.'],
    'links:write': ['Links ändern', 'Legt Links an, ändert, archiviert und löscht sie.'],
    'links:create': [
      'Nur Links anlegen',
      'Legt neue Links an und sieht nichts. Für Schlüssel, die jeder lesen kann, etwa in einer Webseite.',
    ],
    'rules:read': ['Regeln sehen', 'Liest Regeln, ihre Tests und ihren Verlauf.'],
    'rules:write': ['Regeln ändern', 'Bearbeitet Regeln, veröffentlicht und stellt wieder her.'],
    'domains:read': ['Domains sehen', 'Listet Domains und ihre Einstellungen.'],
    'domains:write': ['Domains ändern', 'Fügt Domains hinzu, ändert und entfernt sie.'],
    'stats:read': [
      'Statistik sehen',
      'Zahlen, Aufteilungen, einzelne Klicks, Exporte, der Live-Strom.',
    ],
    'conversions:write': [
      'Nur Abschlüsse melden',
      'Meldet, was aus Klicks wurde, und sieht nichts. Für einen Shop oder Partner.',
    ],
    'webhooks:read': ['Webhooks sehen', 'Listet Webhooks und was gesendet wurde.'],
    'webhooks:write': ['Webhooks ändern', 'Fügt Webhooks hinzu, prüft, ändert und entfernt sie.'],
  },
  chooseOne: 'Wählen Sie mindestens eines.',
  domains: 'Auf welchen Domains',
  domainsWhat: 'Leer: auf allen. Sonst gibt es Links anderswo für ihn nicht.',
  expires: 'Gültig',
  forever: 'Für immer',
  days: n => `${n} Tage`,
  asIs: date => `Bis ${date}, wie bisher`,
  make: 'Schlüssel anlegen',
  theKey: 'Der Schlüssel',
  tryIt: 'Im Terminal ausprobieren',
  saved: name => `„${name}“ ist geändert.`,
  revoke: 'Widerrufen',
  revokeTitle: name => `„${name}“ widerrufen?`,
  revokeWhat:
    'Was ihn benutzt, wird ab sofort abgewiesen. Das lässt sich nicht zurücknehmen; Links, die er anlegte, bleiben.',
  revoked: name => `„${name}“ ist widerrufen.`,
  all: 'alles',
  on: hosts => `auf ${hosts}`,
  neverUsed: 'nie benutzt',
  usedAt: when => `benutzt ${when}`,
  until: date => `bis ${date}`,
  madeOn: date => `angelegt ${date}`,
  over: n => `Nicht mehr gültig (${n})`,
  revokedOn: date => `widerrufen ${date}`,
  expiredOn: date => `endete ${date}`,
}

export default de
