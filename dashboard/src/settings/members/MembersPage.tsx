/** Members and their roles, and who is invited. */
import { Badge, Button, NativeSelect } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { api, got, type Schemas } from '~/api/client'
import { useMe } from '~/api/me'
import { ConfirmButton } from '~/parts/ConfirmButton'
import { Loaded } from '~/parts/Loaded'
import { PageTitle } from '~/parts/PageTitle'
import { useFormat } from '~/texts/format'
import { useTexts } from '~/texts/texts'
import { useChange } from '../change'
import { Entries, Entry } from '../Entries'
import { Section } from '../Section'
import { ShownOnce } from '../ShownOnce'
import { INVITATIONS, Invitations } from './Invitations'
import { InviteForm } from './InviteForm'
import { membersTexts } from './texts'

type Member = Schemas['Member']

const MEMBERS = ['members']

export default function MembersPage() {
  const t = useTexts(membersTexts)
  const [invites, setInvites] = useState(false)
  const [url, setUrl] = useState<string>()
  const members = useQuery({
    queryKey: MEMBERS,
    queryFn: async () => (await got(api.GET('/api/v1/members'))).data,
  })
  const invite = useChange({
    change: (body: Schemas['NewInvitation']) => got(api.POST('/api/v1/invitations', { body })),
    stale: INVITATIONS,
    onSuccess: invitation => {
      setUrl(invitation.url ?? undefined)
      setInvites(false)
    },
  })
  return (
    <>
      <PageTitle title={t.title} about={t.about}>
        <Button
          leftSection={<IconPlus size={16} aria-hidden />}
          onClick={() => {
            setUrl(undefined)
            setInvites(true)
          }}
        >
          {t.invite}
        </Button>
      </PageTitle>
      {url && (
        <ShownOnce label={t.theLink} value={url} onDone={() => setUrl(undefined)}>
          {t.theLinkWhat}
        </ShownOnce>
      )}
      {invites && (
        <Section title={t.invite}>
          <InviteForm
            waiting={invite.isPending}
            onInvite={invitation => invite.mutate(invitation)}
            onCancel={() => setInvites(false)}
          />
        </Section>
      )}
      <Section title={t.title}>
        <Loaded query={members}>
          {all => (
            <Entries label={t.title}>
              {all.map(member => (
                <MemberEntry key={member.id} member={member} />
              ))}
            </Entries>
          )}
        </Loaded>
      </Section>
      <Invitations />
    </>
  )
}

function MemberEntry({ member }: { member: Member }) {
  const t = useTexts(membersTexts)
  const me = useMe()
  const format = useFormat()
  const path = { member: member.id }
  const change = useChange({
    change: (role: string) =>
      got(api.PATCH('/api/v1/members/{member}', { params: { path }, body: { role } })),
    stale: MEMBERS,
    done: ({ name, role }) => t.roleChanged(name, t.roles[role] ?? role),
    undo: () => () => change.mutate(member.role),
  })
  const remove = useChange({
    change: () => got(api.DELETE('/api/v1/members/{member}', { params: { path } })),
    stale: MEMBERS,
    done: () => t.removed(member.name),
  })
  const isMe = member.id === me.id
  return (
    <Entry
      title={
        <>
          {member.name}
          {isMe && (
            <Badge variant="default" size="sm">
              {t.you}
            </Badge>
          )}
        </>
      }
      facts={[member.email, t.since(format.date(member.createdAt)), t.rolesWhat[member.role]]}
      actions={
        <>
          <NativeSelect
            size="xs"
            aria-label={t.roleOf(member.name)}
            // Shown at once; what is refused goes back to what is so.
            value={change.isPending ? change.variables : member.role}
            onChange={event => change.mutate(event.currentTarget.value)}
            data={Object.entries(t.roles).map(([value, label]) => ({ value, label }))}
          />
          {!isMe && (
            <ConfirmButton
              label={t.remove}
              title={t.removeTitle(member.name)}
              onConfirm={() => remove.mutate()}
            >
              {t.removeWhat}
            </ConfirmButton>
          )}
        </>
      }
    />
  )
}
