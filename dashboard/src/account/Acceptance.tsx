/** An invitation is checked, and whoever holds it chooses how they will sign in. */
import { Alert, Button, Loader, PasswordInput, Stack, Text, TextInput } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { type ReactNode, useState } from 'react'
import { acceptInvitation, checkInvitation, type Invited } from '~/api/accounts'
import { Problem } from '~/api/problem'
import { Failed } from '~/parts/Failed'
import { useTexts } from '~/texts/texts'
import { Door } from './Door'
import { accountTexts } from './texts'

interface Props {
  token: string
  title: string
  about: (invited: Invited) => ReactNode
  /** What to do where the link is no longer good. */
  over: string
  onAccepted: () => void
}

const SHORTEST_PASSWORD = 10

export function Acceptance({ token, title, about, over, onAccepted }: Props) {
  const t = useTexts(accountTexts)
  const invited = useQuery({
    queryKey: ['invitation', token],
    queryFn: () => checkInvitation(token),
    staleTime: Infinity,
  })
  if (invited.isPending) {
    return (
      <Door title={title}>
        <Loader aria-label={t.checking} />
      </Door>
    )
  }
  if (invited.error instanceof Problem && invited.error.status === 404) {
    return (
      <Door title={t.over} about={over}>
        <Button component={Link} to="/sign-in" variant="default">
          {t.toSignIn}
        </Button>
      </Door>
    )
  }
  if (invited.error) {
    return (
      <Door title={title}>
        <Failed error={invited.error} retry={() => invited.refetch()} />
      </Door>
    )
  }
  return (
    <Door title={title} about={about(invited.data)}>
      <AcceptanceForm token={token} onAccepted={onAccepted} />
    </Door>
  )
}

function AcceptanceForm({ token, onAccepted }: Pick<Props, 'token' | 'onAccepted'>) {
  const t = useTexts(accountTexts)
  const queries = useQueryClient()
  const [name, setName] = useState('')
  const [email, setEmail] = useState('')
  const [password, setPassword] = useState('')
  const accept = useMutation({
    mutationFn: () =>
      acceptInvitation({
        token,
        name: name.trim(),
        password,
        ...(email.trim() ? { email: email.trim() } : {}),
      }),
    onSuccess: () => {
      queries.clear()
      onAccepted()
    },
  })
  const problem = accept.error instanceof Problem ? accept.error : undefined
  const atField = ['name', 'email', 'password'].some(field => problem?.fault(field))
  const left = SHORTEST_PASSWORD - [...password].length
  return (
    <form
      onSubmit={event => {
        event.preventDefault()
        accept.mutate()
      }}
    >
      <Stack>
        {accept.error && !atField && (
          <Alert color="red" role="alert">
            {accept.error.message}
          </Alert>
        )}
        <TextInput
          label={t.name}
          description={t.nameWhat}
          required
          withAsterisk={false}
          autoFocus
          name="name"
          autoComplete="username"
          value={name}
          error={problem?.fault('name')}
          onChange={event => setName(event.currentTarget.value)}
        />
        <PasswordInput
          label={t.password}
          description={t.passwordWhat}
          required
          withAsterisk={false}
          minLength={SHORTEST_PASSWORD}
          name="password"
          autoComplete="new-password"
          visibilityToggleButtonProps={{ 'aria-label': t.showPassword }}
          value={password}
          error={problem?.fault('password')}
          onChange={event => setPassword(event.currentTarget.value)}
        />
        {password && (
          <Text size="xs" c={0 < left ? 'dimmed' : 'var(--yes)'} mt={-8}>
            {0 < left ? t.passwordLeft(left) : t.passwordEnough}
          </Text>
        )}
        <TextInput
          label={`${t.email} (${t.optional.toLowerCase()})`}
          description={t.emailWhat}
          type="email"
          name="email"
          autoComplete="email"
          value={email}
          error={problem?.fault('email')}
          onChange={event => setEmail(event.currentTarget.value)}
        />
        <Button type="submit" loading={accept.isPending}>
          {t.start}
        </Button>
        <Text size="xs" c="dimmed">
          {t.passkeyLater}
        </Text>
      </Stack>
    </form>
  )
}
