import { defineTexts } from '~/texts/texts'

const en = {
  copy: 'Copy',
  copied: 'Copied',
  failed: 'This could not be loaded',
  retry: 'Retry',
  unknown: 'unknown',
  cancel: 'Cancel',
}

export type PartsTexts = typeof en
export const partsTexts = defineTexts<PartsTexts>(en, { de: () => import('./texts.de') })
