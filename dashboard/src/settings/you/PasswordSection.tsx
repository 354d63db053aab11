/** A new password, for whoever knows the old one. */
import { Alert, Button, Group, PasswordInput, Stack } from '@mantine/core'
import { useState } from 'react'
import { api, got } from '~/api/client'
import { Problem } from '~/api/problem'
import { useTexts } from '~/texts/texts'
import { useChange } from '../change'
import { Section } from '../Section'
import { youTexts } from './texts'

const SHORTEST = 10

export function PasswordSection() {
  const t = useTexts(youTexts)
  const [open, setOpen] = useState(false)
  return (
    <Section
      title={t.password}
      about={t.passwordAbout}
      action={
        !open && (
          <Button variant="default" onClick={() => setOpen(true)}>
            {t.change}
          </Button>
        )
      }
    >
      {open && <PasswordForm onDone={() => setOpen(false)} />}
    </Section>
  )
}

function PasswordForm({ onDone }: { onDone: () => void }) {
  const t = useTexts(youTexts)
  const [oldPassword, setOld] = useState('')
  const [password, setNew] = useState('')
  const change = useChange({
    change: () => got(api.POST('/api/v1/me/password', { body: { oldPassword, password } })),
    stale: ['sessions'],
    quiet: true,
    done: () => t.changed,
    onSuccess: onDone,
  })
  const problem = change.error instanceof Problem ? change.error : undefined
  const atField = problem?.fault('oldPassword') ?? problem?.fault('password')
  return (
    <form
      onSubmit={event => {
        event.preventDefault()
        change.mutate()
      }}
    >
      <Stack maw={360}>
        {change.error && !atField && (
          <Alert color="red" role="alert">
            {change.error.message}
          </Alert>
        )}
        <PasswordInput
          label={t.oldPassword}
          required
          withAsterisk={false}
          autoFocus
          autoComplete="current-password"
          visibilityToggleButtonProps={{ 'aria-label': t.showPassword }}
          value={oldPassword}
          error={problem?.fault('oldPassword')}
          onChange={event => setOld(event.currentTarget.value)}
        />
        <PasswordInput
          label={t.newPassword}
          description={t.newPasswordWhat}
          required
          withAsterisk={false}
          minLength={SHORTEST}
          autoComplete="new-password"
          visibilityToggleButtonProps={{ 'aria-label': t.showPassword }}
          value={password}
          error={problem?.fault('password')}
          onChange={event => setNew(event.currentTarget.value)}
        />
        <Group>
          <Button type="submit" loading={change.isPending}>
            {t.change}
          </Button>
          <Button variant="default" onClick={onDone}>
            {t.cancel}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
