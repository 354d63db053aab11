import type { YouTexts } from './texts'

const de: YouTexts = {
  title: 'Sie',
  signOut: 'Abmelden',
  byKey: name =>
    `Sie sind mit dem API-Schlüssel „${name}“ hier, der weder Passwort noch Codes oder Passkeys hat.`,
  account: 'Konto',
  name: 'Name',
  email: 'E-Mail-Adresse',
  role: 'Rolle',
  roles: { owner: 'Eigentümer', editor: 'Redakteur', viewer: 'Betrachter' },
  workspace: 'Arbeitsbereich',
  rename: 'Namen ändern',
  newName: 'Neuer Name',
  renamed: name => `Sie heißen jetzt ${name}.`,

  password: 'Passwort',
  passwordAbout: 'Ein neues meldet Sie überall sonst ab.',
  change: 'Passwort ändern',
  oldPassword: 'Das bisherige',
  newPassword: 'Das neue',
  newPasswordWhat: '10 Zeichen oder mehr.',
  showPassword: 'Passwort zeigen oder verbergen',
  changed: 'Das Passwort ist geändert. Überall sonst sind Sie abgemeldet.',
  cancel: 'Abbrechen',

  codes: 'Codes aus einer App',
  codesAbout:
    'Eine Authenticator-App auf Ihrem Telefon zeigt alle 30 Sekunden einen neuen Code, nach dem die Anmeldung neben dem Passwort fragt.',
  codesOn: 'An: Die Anmeldung fragt nach einem Code.',
  codesOff: 'Aus.',
  turnOn: 'Einschalten',
  turnOff: 'Ausschalten',
  yourPassword: 'Ihr Passwort',
  goOn: 'Weiter',
  scan: 'Scannen Sie dies mit der App, oder tippen Sie das Geheimnis dort ein.',
  qr: 'QR-Code des Geheimnisses',
  secret: 'Das Geheimnis',
  thenCode: 'Geben Sie dann den Code ein, den die App zeigt',
  confirm: 'Bestätigen',
  codesTurnedOn: 'Codes sind an.',
  recovery: 'Wiederherstellungscodes',
  recoveryWhat:
    'Jeder meldet Sie einmal an, falls das Telefon weg ist. Bewahren Sie sie anderswo auf als das Telefon. Sie werden nicht wieder gezeigt.',
  copyAll: 'Alle kopieren',
  download: 'Als Datei speichern',
  code: 'Ein Code, der App oder zur Wiederherstellung',
  codesTurnedOff: 'Codes sind aus. Das Passwort allein genügt wieder.',

  passkeys: 'Passkeys',
  passkeysAbout:
    'Anmelden mit Fingerabdruck, Gesicht oder einem Sicherheitsschlüssel, ohne Passwort.',
  passkeysNone: 'Noch keine Passkeys.',
  passkeysUnknown:
    'Dieser Browser oder diese Adresse kann keine Passkeys benutzen: Sie brauchen HTTPS.',
  addPasskey: 'Passkey hinzufügen',
  passkeyName: 'Wie Sie ihn nennen, etwa „Laptop“',
  passkeyAdded: name => `Der Passkey „${name}“ ist hinzugefügt.`,
  made: date => `angelegt ${date}`,
  used: when => `benutzt ${when}`,
  neverUsed: 'nie benutzt',
  remove: 'Entfernen',
  removePasskey: name => `Den Passkey „${name}“ entfernen?`,
  removePasskeyWhat:
    'Er meldet Sie hier nicht mehr an. Ihr Gerät listet ihn vielleicht weiter auf.',
  passkeyRemoved: name => `Der Passkey „${name}“ ist entfernt.`,

  sessions: 'Wo Sie angemeldet sind',
  thisOne: 'diese',
  agentOn: (browser, system) => `${browser} auf ${system}`,
  somewhere: 'Ein unbekanntes Programm',
  signedIn: date => `angemeldet ${date}`,
  endsOn: date => `endet ${date}`,
  end: 'Beenden',
  endOf: device => `Die Sitzung von ${device} beenden`,
  ended: device => `${device} ist abgemeldet.`,
  endOthers: 'Alle anderen beenden',
  endOthersTitle: 'Alle anderen Sitzungen beenden?',
  endOthersWhat: 'Jeder andere Ihrer Browser und Programme muss sich neu anmelden.',
  endedOthers: 'Sie sind überall sonst abgemeldet.',
}

export default de
