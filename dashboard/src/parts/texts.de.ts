import type { PartsTexts } from './texts'

const de: PartsTexts = {
  copy: 'Kopieren',
  copied: 'Kopiert',
  failed: 'Das konnte nicht geladen werden',
  retry: 'Noch einmal',
  unknown: 'unbekannt',
  cancel: 'Abbrechen',
}

export default de
