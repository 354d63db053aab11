import { defineTexts } from '~/texts/texts'

const en = {
  title: (address: string) => `QR code of ${address}`,
  codeOf: (address: string) => `QR code that leads to ${address}`,
  close: 'Close',
  color: 'Colour',
  background: 'Background',
  logo: 'Logo',
  logoHint: 'A picture for the middle',
  noLogo: 'Without a logo',
  tooLarge: 'This picture is larger than 500 kB. Take a smaller one.',
  size: 'Size of the PNG, in pixels',
  faint: 'Colour and background are too alike: many phones will not read this.',
  inverted: 'Light on dark: some phones will not read this.',
  saved: (name: string) => `Saved ${name}.`,
  counted: 'Scans are told from other clicks.',
}

export type QrTexts = typeof en
export const qrTexts = defineTexts<QrTexts>(en, { de: () => import('./texts.de') })
