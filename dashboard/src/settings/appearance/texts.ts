import { defineTexts } from '~/texts/texts'

const en = {
  title: 'Appearance',
  about:
    'How the dashboard looks and answers to you. It follows you to every browser in which you sign in.',
  theme: 'Theme',
  themes: { auto: 'As the system', light: 'Light', dark: 'Dark' },
  language: 'Language',
  zone: 'Time zone',
  zoneWhat: 'Of times and of the days of charts. A link’s rules have a zone of their own.',
  asBrowser: (zone: string) => `As this browser (${zone})`,
  keys: 'Keys',
  singleKeys: 'Single keys do something',
  singleKeysWhat:
    'Such as c for a new link, or g and then l for the links. Turn them off where they get in the way, as of speech input. Ctrl+K stays.',
  sheet: 'Show the keys',
}

export type AppearanceTexts = typeof en
export const appearanceTexts = defineTexts<AppearanceTexts>(en, {
  de: () => import('./texts.de'),
})
