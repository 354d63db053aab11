import { defineTexts } from '~/texts/texts'

const en = {
  title: 'Members',
  about: 'Who may come in, and what they may do.',
  invite: 'Invite somebody',
  role: 'Role',
  roles: {
    owner: 'Owner',
    editor: 'Editor',
    viewer: 'Viewer',
  } as Record<string, string>,
  rolesWhat: {
    owner: 'Everything: also members, keys and domains.',
    editor: 'Links, rules, statistics and webhooks.',
    viewer: 'Sees everything and changes nothing.',
  } as Record<string, string>,
  note: 'For whom',
  noteWhat: 'A name or an address, so that you can tell invitations apart. Nothing is sent.',
  makeLink: 'Make the link',
  theLink: 'The link to send',
  theLinkWhat:
    'Send it yourself, by whatever way you trust. Who opens it first becomes a member. It is good for seven days.',
  you: 'you',
  since: (date: string) => `since ${date}`,
  roleOf: (name: string) => `Role of ${name}`,
  roleChanged: (name: string, role: string) => `${name} is now ${role}.`,
  remove: 'Remove',
  removeTitle: (name: string) => `Remove ${name}?`,
  removeWhat: 'They are signed out at once. Links and keys that they made stay.',
  removed: (name: string) => `${name} is no longer a member.`,
  invitations: 'Invitations',
  invitationsNone: 'No invitation is open.',
  states: { open: 'open', used: 'used', over: 'over' } as Record<string, string>,
  until: (when: string) => `ends ${when}`,
  takeBack: 'Take back',
  takeBackTitle: 'Take this invitation back?',
  takeBackWhat: 'Its link does nothing any more. You can make another.',
  takenBack: 'The invitation is taken back.',
  nobody: 'without a name',
}

export type MembersTexts = typeof en
export const membersTexts = defineTexts<MembersTexts>(en, { de: () => import('./texts.de') })
