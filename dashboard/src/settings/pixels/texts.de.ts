import type { PixelsTexts } from './texts'

const de: PixelsTexts = {
  title: 'Pixel',
  about:
    'Ein Pixel sagt einem Werbedienst, dass jemand geklickt hat. Ein Link mit einem Pixel zeigt zuerst kurz eine Seite, die es lädt.',
  add: 'Neues Pixel',
  none: 'Noch keine Pixel',
  noneWhat:
    'Fügen Sie eines hinzu und wählen Sie es in den Einstellungen eines Links. Besucher, die nicht verfolgt werden wollen (GPC, DNT), laden es nicht.',
  name: 'Name',
  kind: 'Dienst',
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
    image: 'Ein eigenes Bild',
  },
  code: 'Seine Kennung',
  codeLike: example => `Etwa ${example}`,
  make: 'Pixel anlegen',
  saved: name => `${name} ist gespeichert.`,
  remove: 'Löschen',
  removeTitle: name => `„${name}“ löschen?`,
  removeWhat: 'Links, die es benutzen, leiten ab jetzt ohne es weiter.',
  removed: name => `${name} ist gelöscht.`,
}

export default de
