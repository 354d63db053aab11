import { defineTexts } from '~/texts/texts'

const en = {
  signIn: 'Sign in',
  who: 'E-mail address or name',
  password: 'Password',
  showPassword: 'Show or hide the password',
  wrong: 'No member has this name and this password.',
  codeTitle: 'Enter your code',
  codeWhy: 'From the authenticator app, or one of your recovery codes.',
  code: 'Code',
  codeWrong: 'This code is not the current one, or it was used already. Wait for the next.',
  back: 'Back',
  or: 'or',
  byPasskey: 'Sign in with a passkey',
  by: (name: string) => `Sign in with ${name}`,
  nobody: 'Nobody has an account here yet',
  nobodyWhat:
    'Where Waypost was started, the terminal shows a link that begins with /app/setup/. Open it to make the first account. A new link is printed at each start until then.',

  setup: 'Make the first account',
  setupAbout: 'You will own this Waypost: everything in it, and who else may come in.',
  join: 'Join this Waypost',
  joinAs: {
    owner: 'You are invited as an owner: you may do everything.',
    editor: 'You are invited as an editor: links, rules and statistics.',
    viewer: 'You are invited as a viewer: you see everything and change nothing.',
  } as Record<string, string>,
  invitedFor: (note: string) => `The invitation is for ${note}.`,
  name: 'Name',
  nameWhat: 'What others see, and what you may sign in with.',
  email: 'E-mail address',
  optional: 'Optional',
  emailWhat: 'Nothing is sent there. It is a second way to say who you are when you sign in.',
  passwordWhat: '10 characters or more. A sentence is easier to remember than a riddle.',
  passwordLeft: (n: number) => (n === 1 ? '1 character more' : `${n} characters more`),
  passwordEnough: 'Long enough.',
  passkeyLater: 'You can add a passkey and codes from an app in Settings, You.',
  start: 'Make the account',
  checking: 'Looking at the invitation',
  over: 'This link is no longer good',
  overSetup:
    'It was used already, or is older than seven days. If nobody has an account yet, start Waypost again: it prints a new link.',
  overJoin: 'It was used already, was taken back, or is over. Ask whoever invited you for another.',
  toSignIn: 'To sign in',
}

export type AccountTexts = typeof en
export const accountTexts = defineTexts<AccountTexts>(en, { de: () => import('./texts.de') })
