import type { ShellTexts } from './texts'

const de: ShellTexts = {
  skip: 'Zum Inhalt springen',
  pages: 'Seiten',
  links: 'Links',
  statistics: 'Statistik',
  live: 'Live',
  visitors: 'Gespeicherte Besucher',
  settings: 'Einstellungen',
  newLink: 'Neuer Link',
  importLinks: 'Links importieren',
  documentation: 'API-Dokumentation',
  actions: 'Aktionen',
  go: 'Gehe zu',
  keys: 'Tasten',
  palette: 'Link finden oder etwas tun',
  paletteHint: 'Ein Link, eine Seite, eine Aktion; oder eine lange Adresse zum Kürzen einfügen',
  nothingFound: words => `Nichts passt zu „${words}“.`,
  explainClick: id => `Den Klick ${id} erklären`,
  shorten: url => `${url} kürzen`,
  showKeys: 'Tasten dieser Seite zeigen',
  theme: 'Zwischen hell und dunkel wechseln',
  signOut: 'Abmelden',
  undo: 'Rückgängig',
  close: 'Schließen',
  offline:
    'Der Server ist nicht erreichbar. Weiterleitungen, die er noch bedient, gehen weiter; Änderungen warten.',
  online: 'Der Server ist wieder da.',
  losing:
    'Klicks können gerade nicht festgehalten werden; Besucher werden trotzdem weitergeleitet.',
  lost: (n, one) =>
    one
      ? 'Ein Klick seit dem Start konnte nicht festgehalten werden.'
      : `${n} Klicks seit dem Start konnten nicht festgehalten werden.`,
  lostMore: 'Warum, und was zu tun ist',
  notFound: 'Diese Seite gibt es nicht',
  notFoundWhat: 'Die Adresse ist vielleicht vertippt, oder was sie zeigte, wurde gelöscht.',
  toLinks: 'Zu den Links',
  broke: 'Diese Seite ist kaputtgegangen',
  brokeWhat:
    'Was gespeichert war, ist gespeichert. Versuchen Sie es noch einmal; bleibt es dabei, sagen Sie uns, was hier steht:',
  again: 'Noch einmal',
  loading: 'Lädt',
}

export default de
