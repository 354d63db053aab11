/** A new password, for whoever knows the old one. */
import { Button, PasswordInput } from '@mantine/core'
import { useState } from 'react'
import { api, got } from '~/api/client'
import { useTexts } from '~/texts/texts'
import { useChange } from '../change'
import { Form } from '../Form'
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
  return (
    <Form
      label={t.change}
      waiting={change.isPending}
      problem={change.error}
      fields={['oldPassword', 'password']}
      width={360}
      onSubmit={() => change.mutate()}
      onCancel={onDone}
    >
      {fault => (
        <>
          <PasswordInput
            label={t.oldPassword}
            required
            withAsterisk={false}
            autoFocus
            autoComplete="current-password"
            visibilityToggleButtonProps={{ 'aria-label': t.showPassword }}
            value={oldPassword}
            error={fault('oldPassword')}
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
            error={fault('password')}
            onChange={event => setNew(event.currentTarget.value)}
          />
        </>
      )}
    </Form>
  )
}
