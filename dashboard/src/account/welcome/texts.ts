import { defineTexts } from '~/texts/texts'
import type { Device } from './groups'

const en = {
  welcome: (name: string) => `Welcome, ${name}`,
  about: 'Make a short address of a long one. Then decide who goes where.',
  import: 'Bring links from elsewhere instead',
  toLinks: 'To the links',
  send: 'Send',
  elsewhere: 'elsewhere?',
  who: 'Whom to send elsewhere',
  fromWhere: 'From where',
  where: 'Where to send them',
  devices: {
    any: 'everybody',
    iphone: 'iPhone users',
    android: 'Android users',
    phone: 'people on a phone',
    computer: 'people on a computer',
  } as Record<Device, string>,
  anywhere: 'from anywhere',
  inEurope: 'in the European Union',
  inCountry: (country: string) => `in ${country}`,
  everybody: 'That would be everybody. Choose some of them.',
  makeRule: 'Make the rule',
  ruleMade: (who: string, where: string, otherwise: string) =>
    `${who} go to ${where} from now on; everyone else goes to ${otherwise}.`,
  tryIt: 'Try it as one of them',
  seeRule: 'See the rule',
  checklist: 'First steps',
  left: (n: number) => (n === 1 ? 'One left' : `${n} left`),
  hide: 'Hide the first steps',
  done: 'done',
  click: 'Open the short address, and see the click arrive',
  rule: 'Send some visitors elsewhere by a rule',
  try: 'Try what somebody else would get',
  domain: 'Add a domain of your own',
}

export type WelcomeTexts = typeof en
export const welcomeTexts = defineTexts<WelcomeTexts>(en, { de: () => import('./texts.de') })
