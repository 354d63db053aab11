import type { MembersTexts } from './texts'

const de: MembersTexts = {
  title: 'Mitglieder',
  about: 'Wer hereindarf, und was sie dürfen.',
  invite: 'Jemanden einladen',
  role: 'Rolle',
  roles: { owner: 'Eigentümer', editor: 'Redakteur', viewer: 'Betrachter' },
  rolesWhat: {
    owner: 'Alles: auch Mitglieder, Schlüssel und Domains.',
    editor: 'Links, Regeln, Statistik und Webhooks.',
    viewer: 'Sieht alles und ändert nichts.',
  },
  note: 'Für wen',
  noteWhat:
    'Ein Name oder eine Adresse, damit Sie Einladungen unterscheiden können. Gesendet wird nichts.',
  makeLink: 'Link anlegen',
  theLink: 'Der Link zum Senden',
  theLinkWhat:
    'Senden Sie ihn selbst, auf einem Weg, dem Sie trauen. Wer ihn zuerst öffnet, wird Mitglied. Er gilt sieben Tage.',
  you: 'Sie',
  since: date => `seit ${date}`,
  roleOf: name => `Rolle von ${name}`,
  roleChanged: (name, role) => `${name} ist jetzt ${role}.`,
  remove: 'Entfernen',
  removeTitle: name => `${name} entfernen?`,
  removeWhat: 'Wird sofort abgemeldet. Links und Schlüssel, die von hier stammen, bleiben.',
  removed: name => `${name} ist kein Mitglied mehr.`,
  invitations: 'Einladungen',
  invitationsNone: 'Keine Einladung ist offen.',
  states: { open: 'offen', used: 'benutzt', over: 'abgelaufen' },
  until: when => `endet ${when}`,
  takeBack: 'Zurücknehmen',
  takeBackTitle: 'Diese Einladung zurücknehmen?',
  takeBackWhat: 'Ihr Link tut dann nichts mehr. Sie können einen neuen anlegen.',
  takenBack: 'Die Einladung ist zurückgenommen.',
  nobody: 'ohne Namen',
}

export default de
