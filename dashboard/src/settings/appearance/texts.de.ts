import type { AppearanceTexts } from './texts'

const de: AppearanceTexts = {
  title: 'Darstellung',
  about:
    'Wie die Oberfläche aussieht und auf Sie hört. Das folgt Ihnen in jeden Browser, in dem Sie sich anmelden.',
  theme: 'Farben',
  themes: { auto: 'Wie das System', light: 'Hell', dark: 'Dunkel' },
  language: 'Sprache',
  zone: 'Zeitzone',
  zoneWhat: 'Der Zeiten und der Tage in Diagrammen. Regeln eines Links haben ihre eigene.',
  asBrowser: zone => `Wie dieser Browser (${zone})`,
  keys: 'Tasten',
  singleKeys: 'Einzelne Tasten tun etwas',
  singleKeysWhat:
    'Etwa c für einen neuen Link, oder g und dann l für die Links. Schalten Sie sie aus, wo sie stören, etwa bei Spracheingabe. Strg+K bleibt.',
  sheet: 'Tasten zeigen',
}

export default de
