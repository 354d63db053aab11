/** The member who is signed in: name, password, codes, passkeys, and where they are signed in. */
import { Alert, Button } from '@mantine/core'
import { IconLogout } from '@tabler/icons-react'
import type { Me } from '~/api/me'
import { useMe } from '~/api/me'
import { PageTitle } from '~/parts/PageTitle'
import { useOffered } from '~/shell/actions'
import { useTexts } from '~/texts/texts'
import { AccountSection } from './AccountSection'
import { PasskeysSection } from './PasskeysSection'
import { PasswordSection } from './PasswordSection'
import { SessionsSection } from './SessionsSection'
import { TotpSection } from './TotpSection'
import { youTexts } from './texts'

export default function YouPage() {
  const t = useTexts(youTexts)
  const me: Me = useMe()
  const signOut = useOffered().find(action => action.id === 'sign-out')
  return (
    <>
      <PageTitle title={t.title}>
        {me.kind === 'member' && signOut && (
          <Button
            variant="default"
            leftSection={<IconLogout size={16} aria-hidden />}
            onClick={signOut.run}
          >
            {t.signOut}
          </Button>
        )}
      </PageTitle>
      {me.kind === 'member' ? (
        <>
          <AccountSection me={me} />
          <PasswordSection />
          <TotpSection on={me.totp ?? false} />
          <PasskeysSection />
          <SessionsSection />
        </>
      ) : (
        <Alert color="gray">{t.byKey(me.name)}</Alert>
      )}
    </>
  )
}
