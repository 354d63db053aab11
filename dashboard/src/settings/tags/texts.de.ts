import type { TagsTexts } from './texts'

const de: TagsTexts = {
  title: 'Tags und Ordner',
  about:
    'Tags sind Wörter an Links; ein Link liegt in höchstens einem Ordner, der sagt, womit seine neuen Links beginnen.',
  tags: 'Tags',
  tagsNone:
    'Noch hat kein Link ein Tag. Geben Sie eines in den Einstellungen eines Links, oder vielen auf einmal in der Liste.',
  links: (n, one) => (one ? '1 Link' : `${n} Links`),
  rename: 'Umbenennen',
  renameOf: name => `${name} umbenennen`,
  newName: 'Neuer Name',
  renamed: (before, after) => `${before} heißt jetzt ${after}.`,
  show: 'Links zeigen',
  remove: 'Löschen',
  removeTag: name => `Das Tag „${name}“ löschen?`,
  removeTagWhat: links => `Es wird von ${links} genommen; die Links bleiben.`,
  removed: name => `${name} ist gelöscht.`,
  folders: 'Ordner',
  foldersAbout: 'Ein Ordner gehört zu einer Domain.',
  foldersNone: 'Noch keine Ordner.',
  addFolder: 'Neuer Ordner',
  name: 'Name',
  domain: 'Domain',
  make: 'Ordner anlegen',
  made: name => `Der Ordner ${name} ist angelegt.`,
  saved: name => `${name} ist gespeichert.`,
  removeFolder: name => `Den Ordner „${name}“ löschen?`,
  removeFolderWhat: links => `${links} bleiben, in keinem Ordner.`,
  prefix: 'Slugs beginnen mit',
  prefixWhat: 'Steht vor Slugs, die niemand wählt.',
  expiresAfter: 'Neue Links laufen ab nach',
  expiresAfterWhat: 'Tagen. Leer: nie.',
  parameters: 'Parameter, die neue Links anhängen',
  parametersWhat: 'Einer je Zeile, etwa utm_source=mail.',
  parametersBad: line => `Zeile ${line} ist nicht name=wert.`,
}

export default de
