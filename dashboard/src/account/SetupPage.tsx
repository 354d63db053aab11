/** The first start: by the link of the terminal, the first owner makes their account. */
import { useNavigate, useParams } from '@tanstack/react-router'
import { useTexts } from '~/texts/texts'
import { Acceptance } from './Acceptance'
import { accountTexts } from './texts'

export default function SetupPage() {
  const t = useTexts(accountTexts)
  const { token } = useParams({ strict: false })
  const navigate = useNavigate()
  return (
    <Acceptance
      token={token ?? ''}
      title={t.setup}
      about={() => t.setupAbout}
      over={t.overSetup}
      onAccepted={() => navigate({ to: '/welcome', replace: true })}
    />
  )
}
