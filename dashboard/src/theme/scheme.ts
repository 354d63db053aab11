/** The chosen theme, kept where public/assets/theme.js reads it before anything is drawn. */
import type { MantineColorSchemeManager } from '@mantine/core'
import { localStorageColorSchemeManager } from '@mantine/core'

export const scheme: MantineColorSchemeManager = localStorageColorSchemeManager({
  key: 'waypost-theme',
})
