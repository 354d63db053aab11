import { defineTexts } from '~/texts/texts'

const en = {
  skip: 'Skip to content',
  pages: 'Pages',
  links: 'Links',
  statistics: 'Statistics',
  live: 'Live',
  visitors: 'Saved visitors',
  settings: 'Settings',
  newLink: 'New link',
  importLinks: 'Import links',
  documentation: 'API documentation',
  actions: 'Actions',
  go: 'Go to',
  keys: 'Keys',
  palette: 'Find a link or do something',
  paletteHint: 'A link, a page, an action; or paste a long address to shorten it',
  nothingFound: (words: string) => `Nothing fits “${words}”.`,
  explainClick: (id: string) => `Explain the click ${id}`,
  shorten: (url: string) => `Shorten ${url}`,
  showKeys: 'Show the keys of this page',
  theme: 'Switch between light and dark',
  signOut: 'Sign out',
  undo: 'Undo',
  close: 'Close',
  offline: 'The server cannot be reached. Redirects that it still serves keep working; edits wait.',
  online: 'The server is back.',
  losing: 'Clicks cannot be written down right now; visitors are redirected all the same.',
  lost: (n: string, one: boolean) =>
    one
      ? 'One click since the start could not be written down.'
      : `${n} clicks since the start could not be written down.`,
  lostMore: 'Why, and what to do',
  notFound: 'There is no such page',
  notFoundWhat: 'The address may be mistyped, or what it showed was deleted.',
  toLinks: 'To the links',
  broke: 'This page broke',
  brokeWhat: 'What you saved is saved. Try again; if it breaks again, tell us what this says:',
  again: 'Try again',
  loading: 'Loading',
}

export type ShellTexts = typeof en
export const shellTexts = defineTexts<ShellTexts>(en, { de: () => import('./texts.de') })
