import { defineTexts } from '~/texts/texts'

const en = {
  title: 'Pixels',
  about:
    'A pixel tells an advertising service that somebody clicked. A link that has one shows a short page first, which loads it.',
  add: 'New pixel',
  none: 'No pixels yet',
  noneWhat:
    'Add one and choose it in a link’s settings. Visitors who ask not to be tracked (GPC, DNT) do not load it.',
  name: 'Name',
  kind: 'Service',
  kinds: {
    facebook: 'Meta (Facebook, Instagram)',
    googleAnalytics: 'Google Analytics',
    googleAds: 'Google Ads',
    googleTagManager: 'Google Tag Manager',
    linkedin: 'LinkedIn',
    twitter: 'X (Twitter)',
    tiktok: 'TikTok',
    pinterest: 'Pinterest',
    bing: 'Microsoft Advertising (Bing)',
    quora: 'Quora',
    image: 'A picture of your own',
  } as Record<string, string>,
  code: 'Its id',
  codeLike: (example: string) => `Such as ${example}`,
  make: 'Make the pixel',
  saved: (name: string) => `${name} is saved.`,
  remove: 'Delete',
  removeTitle: (name: string) => `Delete “${name}”?`,
  removeWhat: 'Links that use it redirect without it from now on.',
  removed: (name: string) => `${name} is deleted.`,
}

export type PixelsTexts = typeof en
export const pixelsTexts = defineTexts<PixelsTexts>(en, { de: () => import('./texts.de') })
