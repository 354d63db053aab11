import { defineTexts } from '~/texts/texts'

const en = {
  asTable: 'As table',
  asChart: 'As chart',
  save: (title: string) => `Save “${title}”`,
  asCsv: 'Save as CSV',
  asPng: 'Save as PNG',
  rows: (title: string) => `${title}, as a table`,
  drawing: 'Drawing',
  keys: 'Arrow keys go through the points.',
}

export type ChartTexts = typeof en
export const chartTexts = defineTexts<ChartTexts>(en, { de: () => import('./texts.de') })
