import type { WelcomeTexts } from './texts'

const de: WelcomeTexts = {
  welcome: name => `Willkommen, ${name}`,
  about:
    'Machen Sie aus einer langen Adresse eine kurze. Und dann entscheiden Sie, wer wohin kommt.',
  import: 'Stattdessen Links von anderswo holen',
  toLinks: 'Zu den Links',
  send: 'Schicken wir',
  elsewhere: 'anderswohin?',
  who: 'Wen anderswohin schicken',
  fromWhere: 'Von wo',
  where: 'Wohin sie kommen',
  devices: {
    any: 'alle',
    iphone: 'iPhone-Nutzer',
    android: 'Android-Nutzer',
    phone: 'Leute am Telefon',
    computer: 'Leute am Computer',
  },
  anywhere: 'von überall',
  inEurope: 'in der Europäischen Union',
  inCountry: country => `in ${country}`,
  everybody: 'Das wären alle. Wählen Sie einige davon.',
  makeRule: 'Regel anlegen',
  ruleMade: (who, where, otherwise) =>
    `${who} kommen ab jetzt nach ${where}, alle anderen nach ${otherwise}.`,
  tryIt: 'Ausprobieren, als wären Sie so jemand',
  seeRule: 'Regel ansehen',
  checklist: 'Erste Schritte',
  left: n => (n === 1 ? 'Einer fehlt noch' : `${n} fehlen noch`),
  hide: 'Erste Schritte ausblenden',
  done: 'erledigt',
  click: 'Die kurze Adresse öffnen und den Klick ankommen sehen',
  rule: 'Manche Besucher durch eine Regel anderswohin schicken',
  try: 'Ausprobieren, was jemand anderes bekäme',
  domain: 'Eine eigene Domain hinzufügen',
}

export default de
