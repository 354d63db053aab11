import type { ChartTexts } from './texts'

const de: ChartTexts = {
  asTable: 'Als Tabelle',
  asChart: 'Als Diagramm',
  save: title => `„${title}“ speichern`,
  asCsv: 'Als CSV speichern',
  asPng: 'Als PNG speichern',
  rows: title => `${title}, als Tabelle`,
  drawing: 'Wird gezeichnet',
  keys: 'Pfeiltasten gehen durch die Punkte.',
}

export default de
