/** Codes from an authenticator app: turned on by one that is right, and off by password and code. */
import { Button, PasswordInput, Text, TextInput } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { beginTotp, confirmTotp, endTotp, type TotpBegun } from '~/api/accounts'
import { announce } from '~/shell/announcer'
import { useTexts } from '~/texts/texts'
import { useChange } from '../change'
import { Form } from '../Form'
import { Section } from '../Section'
import { Secret } from '../ShownOnce'
import { QrCode } from './QrCode'
import { RecoveryCodes } from './RecoveryCodes'
import { youTexts } from './texts'

type Step =
  | { at: 'rest' }
  | { at: 'password' }
  | { at: 'scan'; begun: TotpBegun }
  | { at: 'recovery'; codes: string[] }
  | { at: 'end' }

const REST: Step = { at: 'rest' }

export function TotpSection({ on }: { on: boolean }) {
  const t = useTexts(youTexts)
  const queries = useQueryClient()
  const [step, setStep] = useState<Step>(REST)
  const rest = () => setStep(REST)
  return (
    <Section
      title={t.codes}
      about={t.codesAbout}
      action={
        step.at === 'rest' && (
          <Button variant="default" onClick={() => setStep({ at: on ? 'end' : 'password' })}>
            {on ? t.turnOff : t.turnOn}
          </Button>
        )
      }
    >
      {step.at === 'rest' && <Text size="sm">{on ? t.codesOn : t.codesOff}</Text>}
      {step.at === 'password' && (
        <Begin onBegun={begun => setStep({ at: 'scan', begun })} onCancel={rest} />
      )}
      {step.at === 'scan' && (
        <Scan
          begun={step.begun}
          onConfirmed={codes => {
            announce(t.codesTurnedOn)
            setStep({ at: 'recovery', codes })
          }}
          onCancel={rest}
        />
      )}
      {step.at === 'recovery' && (
        <RecoveryCodes
          codes={step.codes}
          onDone={() => {
            queries.invalidateQueries({ queryKey: ['me'] })
            rest()
          }}
        />
      )}
      {step.at === 'end' && <End onDone={rest} />}
    </Section>
  )
}

function Begin(props: { onBegun: (begun: TotpBegun) => void; onCancel: () => void }) {
  const t = useTexts(youTexts)
  const [password, setPassword] = useState('')
  const begin = useChange({
    change: () => beginTotp(password),
    stale: [],
    quiet: true,
    onSuccess: props.onBegun,
  })
  return (
    <Form
      label={t.goOn}
      width={400}
      waiting={begin.isPending}
      problem={begin.error}
      fields={['password']}
      onSubmit={() => begin.mutate()}
      onCancel={props.onCancel}
    >
      {fault => <Password value={password} error={fault('password')} onChange={setPassword} />}
    </Form>
  )
}

interface ScanProps {
  begun: TotpBegun
  onConfirmed: (recoveryCodes: string[]) => void
  onCancel: () => void
}

function Scan({ begun, onConfirmed, onCancel }: ScanProps) {
  const t = useTexts(youTexts)
  const [code, setCode] = useState('')
  const confirm = useChange({
    change: () => confirmTotp(code.replace(/\s/g, '')),
    stale: [],
    quiet: true,
    onSuccess: ({ recoveryCodes }) => onConfirmed(recoveryCodes),
  })
  return (
    <Form
      label={t.confirm}
      width={400}
      waiting={confirm.isPending}
      problem={confirm.error}
      fields={['code']}
      onSubmit={() => confirm.mutate()}
      onCancel={onCancel}
    >
      {fault => (
        <>
          <Text size="sm">{t.scan}</Text>
          <QrCode text={begun.uri} label={t.qr} />
          <Secret label={t.secret} value={begun.secret} />
          <TextInput
            label={t.thenCode}
            required
            withAsterisk={false}
            autoFocus
            inputMode="numeric"
            autoComplete="one-time-code"
            value={code}
            error={fault('code')}
            onChange={event => setCode(event.currentTarget.value)}
          />
        </>
      )}
    </Form>
  )
}

function End({ onDone }: { onDone: () => void }) {
  const t = useTexts(youTexts)
  const [password, setPassword] = useState('')
  const [code, setCode] = useState('')
  const end = useChange({
    change: () => endTotp(password, code.replace(/\s/g, '')),
    stale: ['me'],
    quiet: true,
    done: () => t.codesTurnedOff,
    onSuccess: onDone,
  })
  return (
    <Form
      label={t.turnOff}
      width={400}
      waiting={end.isPending}
      problem={end.error}
      fields={['password', 'code']}
      onSubmit={() => end.mutate()}
      onCancel={onDone}
    >
      {fault => (
        <>
          <Password value={password} error={fault('password')} onChange={setPassword} />
          <TextInput
            label={t.code}
            required
            withAsterisk={false}
            autoComplete="one-time-code"
            value={code}
            error={fault('code')}
            onChange={event => setCode(event.currentTarget.value)}
          />
        </>
      )}
    </Form>
  )
}

interface PasswordProps {
  value: string
  error: string | undefined
  onChange: (password: string) => void
}

function Password({ value, error, onChange }: PasswordProps) {
  const t = useTexts(youTexts)
  return (
    <PasswordInput
      label={t.yourPassword}
      required
      withAsterisk={false}
      autoFocus
      autoComplete="current-password"
      visibilityToggleButtonProps={{ 'aria-label': t.showPassword }}
      value={value}
      error={error}
      onChange={event => onChange(event.currentTarget.value)}
    />
  )
}
