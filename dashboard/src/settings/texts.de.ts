import type { SettingsTexts } from './texts'

const de: SettingsTexts = {
  settings: 'Einstellungen',
  yours: 'Ihre',
  workspace: 'Arbeitsbereich',
  server: 'Server',
  you: 'Sie',
  appearance: 'Darstellung',
  domains: 'Domains',
  tags: 'Tags und Ordner',
  pixels: 'Pixel',
  members: 'Mitglieder',
  keys: 'API-Schlüssel',
  webhooks: 'Webhooks',
  geo: 'Orte und Netze',
  retention: 'Was bleibt',
  save: 'Speichern',
  close: 'Schließen',
  delete: 'Löschen',
  edit: 'Ändern',
  never: 'nie',
  unsaved: 'Ohne Speichern verlassen?',
  unsavedWhat: 'Was Sie hier geändert haben, ist noch nicht gespeichert.',
  leave: 'Verlassen',
  stay: 'Bleiben',
  shownOnce: 'Nur jetzt zu sehen',
  shownOnceWhy:
    'Waypost behält davon nur, woran es wiederzuerkennen ist. Kopieren Sie es, bevor Sie weitergehen.',
  done: 'Fertig',
  readOnly: 'Ihre Rolle darf dies ansehen, aber nicht ändern.',
}

export default de
