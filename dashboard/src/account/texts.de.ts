import type { AccountTexts } from './texts'

const de: AccountTexts = {
  signIn: 'Anmelden',
  who: 'E-Mail-Adresse oder Name',
  password: 'Passwort',
  showPassword: 'Passwort zeigen oder verbergen',
  wrong: 'Kein Mitglied hat diesen Namen und dieses Passwort.',
  codeTitle: 'Code eingeben',
  codeWhy: 'Aus der Authenticator-App, oder einer Ihrer Wiederherstellungscodes.',
  code: 'Code',
  codeWrong:
    'Dieser Code ist nicht der aktuelle oder wurde schon benutzt. Warten Sie auf den nächsten.',
  back: 'Zurück',
  or: 'oder',
  byPasskey: 'Mit einem Passkey anmelden',
  by: name => `Mit ${name} anmelden`,
  nobody: 'Hier hat noch niemand ein Konto',
  nobodyWhat:
    'Wo Waypost gestartet wurde, zeigt das Terminal einen Link, der mit /app/setup/ beginnt. Öffnen Sie ihn, um das erste Konto anzulegen. Bis dahin wird bei jedem Start ein neuer gezeigt.',

  setup: 'Das erste Konto anlegen',
  setupAbout: 'Dieses Waypost gehört dann Ihnen: alles darin, und wer sonst hereindarf.',
  join: 'Diesem Waypost beitreten',
  joinAs: {
    owner: 'Sie sind als Eigentümer eingeladen: Sie dürfen alles.',
    editor: 'Sie sind als Redakteur eingeladen: Links, Regeln und Statistik.',
    viewer: 'Sie sind als Betrachter eingeladen: Sie sehen alles und ändern nichts.',
  },
  invitedFor: note => `Die Einladung ist für ${note}.`,
  name: 'Name',
  nameWhat: 'Was andere sehen, und womit Sie sich anmelden können.',
  email: 'E-Mail-Adresse',
  optional: 'Freiwillig',
  emailWhat: 'Dorthin wird nichts gesendet. Sie können sich auch mit ihr anmelden.',
  passwordWhat: '10 Zeichen oder mehr. Ein Satz merkt sich leichter als ein Rätsel.',
  passwordLeft: n => (n === 1 ? 'noch 1 Zeichen' : `noch ${n} Zeichen`),
  passwordEnough: 'Lang genug.',
  passkeyLater:
    'Einen Passkey und Codes aus einer App können Sie unter Einstellungen, Sie hinzufügen.',
  start: 'Konto anlegen',
  checking: 'Die Einladung wird geprüft',
  over: 'Dieser Link gilt nicht mehr',
  overSetup:
    'Er wurde schon benutzt oder ist älter als sieben Tage. Hat noch niemand ein Konto, starten Sie Waypost neu: Es zeigt einen neuen Link.',
  overJoin:
    'Er wurde schon benutzt, zurückgenommen oder ist abgelaufen. Bitten Sie um einen neuen.',
  toSignIn: 'Zur Anmeldung',
}

export default de
