/** By the link of an invitation, somebody becomes a member. */
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useTexts } from '~/texts/texts'
import { Acceptance } from './Acceptance'
import { accountTexts } from './texts'

export default function JoinPage() {
  const t = useTexts(accountTexts)
  const { token } = useSearch({ strict: false })
  const navigate = useNavigate()
  return (
    <Acceptance
      token={token ?? ''}
      title={t.join}
      about={({ role, note }) =>
        [t.joinAs[role], note && t.invitedFor(note)].filter(Boolean).join(' ')
      }
      over={t.overJoin}
      onAccepted={() => navigate({ to: '/links', replace: true })}
    />
  )
}
