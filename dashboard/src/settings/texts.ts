import { defineTexts } from '~/texts/texts'

const en = {
  settings: 'Settings',
  yours: 'Yours',
  workspace: 'Workspace',
  server: 'Server',
  you: 'You',
  appearance: 'Appearance',
  domains: 'Domains',
  tags: 'Tags and folders',
  pixels: 'Pixels',
  members: 'Members',
  keys: 'API keys',
  webhooks: 'Webhooks',
  geo: 'Places and networks',
  retention: 'What is kept',
  save: 'Save',
  close: 'Close',
  delete: 'Delete',
  edit: 'Change',
  never: 'never',
  unsaved: 'Leave without saving?',
  unsavedWhat: 'What you changed here is not saved yet.',
  leave: 'Leave',
  stay: 'Stay',
  shownOnce: 'Shown only now',
  shownOnceWhy: 'Waypost keeps only what it needs to recognise it. Copy it before you go on.',
  done: 'Done',
  readOnly: 'Your role may look at this, and not change it.',
}

export type SettingsTexts = typeof en
export const settingsTexts = defineTexts<SettingsTexts>(en, { de: () => import('./texts.de') })
