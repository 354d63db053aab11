import { defineTexts } from '~/texts/texts'

const en = {
  title: 'Tags and folders',
  about:
    'Tags are words on links; a link is in one folder at most, which says what its new links begin with.',
  tags: 'Tags',
  tagsNone: 'No link has a tag yet. Give one in a link’s settings, or to many at once in the list.',
  links: (n: string, one: boolean) => (one ? '1 link' : `${n} links`),
  rename: 'Rename',
  renameOf: (name: string) => `Rename ${name}`,
  newName: 'New name',
  renamed: (before: string, after: string) => `${before} is now ${after}.`,
  show: 'Show links',
  remove: 'Delete',
  removeTag: (name: string) => `Delete the tag “${name}”?`,
  removeTagWhat: (links: string) => `It is taken off ${links}; the links stay.`,
  removed: (name: string) => `${name} is deleted.`,
  folders: 'Folders',
  foldersAbout: 'A folder belongs to a domain.',
  foldersNone: 'No folders yet.',
  addFolder: 'New folder',
  name: 'Name',
  domain: 'Domain',
  make: 'Make the folder',
  made: (name: string) => `The folder ${name} is made.`,
  saved: (name: string) => `${name} is saved.`,
  removeFolder: (name: string) => `Delete the folder “${name}”?`,
  removeFolderWhat: (links: string) => `${links} stay, in no folder.`,
  prefix: 'Slugs begin with',
  prefixWhat: 'Stands before slugs that nobody chose.',
  expiresAfter: 'New links expire after',
  expiresAfterWhat: 'Days. Empty: never.',
  parameters: 'Parameters that new links add',
  parametersWhat: 'One a line, such as utm_source=mail.',
  parametersBad: (line: number) => `Line ${line} is not name=value.`,
}

export type TagsTexts = typeof en
export const tagsTexts = defineTexts<TagsTexts>(en, { de: () => import('./texts.de') })
