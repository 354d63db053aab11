/** Who is invited and has not come yet. */
import { Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { api, got, type Schemas } from '~/api/client'
import { ConfirmButton } from '~/parts/ConfirmButton'
import { Loaded } from '~/parts/Loaded'
import { useFormat } from '~/texts/format'
import { useTexts } from '~/texts/texts'
import { useChange } from '../change'
import { Entries, Entry } from '../Entries'
import { Section } from '../Section'
import { membersTexts } from './texts'

export const INVITATIONS = ['invitations']

export function Invitations() {
  const t = useTexts(membersTexts)
  const invitations = useQuery({
    queryKey: INVITATIONS,
    queryFn: async () => (await got(api.GET('/api/v1/invitations'))).data,
  })
  return (
    <Section title={t.invitations}>
      <Loaded query={invitations}>
        {all => {
          const open = all.filter(invitation => invitation.state === 'open')
          if (open.length === 0) return <Text c="dimmed">{t.invitationsNone}</Text>
          return (
            <Entries label={t.invitations}>
              {open.map(invitation => (
                <InvitationEntry key={invitation.id} invitation={invitation} />
              ))}
            </Entries>
          )
        }}
      </Loaded>
    </Section>
  )
}

function InvitationEntry({ invitation }: { invitation: Schemas['Invitation'] }) {
  const t = useTexts(membersTexts)
  const format = useFormat()
  const withdraw = useChange({
    change: () =>
      got(
        api.DELETE('/api/v1/invitations/{invitation}', {
          params: { path: { invitation: invitation.id } },
        }),
      ),
    stale: INVITATIONS,
    done: () => t.takenBack,
  })
  return (
    <Entry
      title={invitation.note || t.nobody}
      facts={[
        t.roles[invitation.role] ?? invitation.role,
        t.states[invitation.state],
        t.until(format.relative(invitation.expiresAt)),
      ]}
      actions={
        <ConfirmButton
          label={t.takeBack}
          title={t.takeBackTitle}
          onConfirm={() => withdraw.mutate()}
        >
          {t.takeBackWhat}
        </ConfirmButton>
      }
    />
  )
}
