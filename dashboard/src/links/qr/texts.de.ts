import type { QrTexts } from './texts'

const de: QrTexts = {
  title: address => `QR-Code von ${address}`,
  codeOf: address => `QR-Code, der nach ${address} führt`,
  close: 'Schließen',
  color: 'Farbe',
  background: 'Hintergrund',
  logo: 'Logo',
  logoHint: 'Ein Bild für die Mitte',
  noLogo: 'Ohne Logo',
  tooLarge: 'Dieses Bild ist größer als 500 kB. Nehmen Sie ein kleineres.',
  size: 'Größe des PNG in Pixeln',
  faint: 'Farbe und Hintergrund sind zu ähnlich: viele Telefone werden das nicht lesen.',
  inverted: 'Hell auf dunkel: manche Telefone werden das nicht lesen.',
  saved: name => `${name} gespeichert.`,
  counted: 'Scans werden von anderen Klicks unterschieden.',
}

export default de
