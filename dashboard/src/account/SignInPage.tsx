/** Signing in: by password and code, by passkey, or by another service. */
import { Alert, Button, Divider, PasswordInput, Stack, Text, TextInput } from '@mantine/core'
import { IconKey } from '@tabler/icons-react'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { signIn, waysQuery } from '~/api/accounts'
import { knowsPasskeys, signInByPasskey, wasCancelled } from '~/api/passkeys'
import { Problem } from '~/api/problem'
import { useTexts } from '~/texts/texts'
import { CodeForm } from './CodeForm'
import { Door } from './Door'
import { inside, startOf, wantsCode } from './sign-in'
import { accountTexts } from './texts'

export default function SignInPage() {
  const t = useTexts(accountTexts)
  const search = useSearch({ strict: false })
  const navigate = useNavigate()
  const queries = useQueryClient()
  const ways = useQuery(waysQuery)
  const [email, setEmail] = useState('')
  const [password, setPassword] = useState('')
  const [asksCode, setAsksCode] = useState(false)

  const entered = () => {
    // Whatever an earlier visitor of this browser saw is not theirs.
    queries.clear()
    navigate({ to: inside(search.next), replace: true })
  }
  const byPassword = useMutation({
    mutationFn: (code?: string) => signIn({ email: email.trim(), password, code }),
    onSuccess: entered,
    onError: error => {
      if (wantsCode(error)) setAsksCode(true)
    },
  })
  const byPasskey = useMutation({ mutationFn: signInByPasskey, onSuccess: entered })

  if (asksCode) {
    const tried = byPassword.variables !== undefined
    return (
      <CodeForm
        waiting={byPassword.isPending}
        problem={tried && byPassword.error ? why(byPassword.error, t.codeWrong) : undefined}
        onCode={code => byPassword.mutate(code)}
        onBack={() => {
          byPassword.reset()
          setAsksCode(false)
        }}
      />
    )
  }

  if (ways.data && !ways.data.members) {
    return <Door title={t.nobody} about={t.nobodyWhat} />
  }

  const other = ways.data?.openIdConnect
  const passkeys = ways.data?.passkeys && knowsPasskeys()
  const refused = byPassword.error ?? (wasCancelled(byPasskey.error) ? null : byPasskey.error)
  const problem = refused ? why(refused, t.wrong) : search.problem
  return (
    <Door title={t.signIn}>
      {problem && (
        <Alert color="red" role="alert">
          {problem}
        </Alert>
      )}
      <form
        onSubmit={event => {
          event.preventDefault()
          byPassword.mutate(undefined)
        }}
      >
        <Stack>
          <TextInput
            label={t.who}
            required
            withAsterisk={false}
            autoFocus
            name="username"
            autoComplete="username webauthn"
            autoCapitalize="none"
            spellCheck={false}
            value={email}
            onChange={event => setEmail(event.currentTarget.value)}
          />
          <PasswordInput
            label={t.password}
            required
            withAsterisk={false}
            name="password"
            autoComplete="current-password"
            visibilityToggleButtonProps={{ 'aria-label': t.showPassword }}
            value={password}
            onChange={event => setPassword(event.currentTarget.value)}
          />
          <Button type="submit" loading={byPassword.isPending}>
            {t.signIn}
          </Button>
        </Stack>
      </form>
      {(passkeys || other) && (
        <Stack>
          <Divider label={<Text size="xs">{t.or}</Text>} />
          {passkeys && (
            <Button
              variant="default"
              leftSection={<IconKey size={16} aria-hidden />}
              loading={byPasskey.isPending}
              onClick={() => byPasskey.mutate()}
            >
              {t.byPasskey}
            </Button>
          )}
          {other && (
            <Button variant="default" component="a" href={startOf(other.start, search.next)}>
              {t.by(other.name)}
            </Button>
          )}
        </Stack>
      )}
    </Door>
  )
}

/** What to tell of a refusal; a 401 says no more than that something did not fit. */
function why(error: Error, refused: string): string {
  return error instanceof Problem && error.status === 401 ? refused : error.message
}
