/** How a link answers: its status, the visitor's query, and whether a password is asked for. */
import {
  Button,
  Group,
  NativeSelect,
  PasswordInput,
  Stack,
  Switch,
  Text,
  Textarea,
} from '@mantine/core'
import { useState } from 'react'
import { useTexts } from '~/texts/texts'
import { Section } from './Section'
import { formTexts } from './texts'
import type { LinkForm } from './useLinkForm'

const STATUSES = [302, 301, 303, 307, 308] as const
const WHOM = ['auto', 'ruleOnly', 'never'] as const

export function PasswordField({ form }: { form: LinkForm }) {
  const t = useTexts(formTexts)
  const has = form.link?.hasPassword ?? false
  const { password } = form.values
  const [isTyping, setTyping] = useState(!has)
  const said =
    password === null ? (has ? t.isProtected : t.none) : password ? t.willProtect : t.willOpen
  return (
    <Section title={t.password} now={said} hasFault={form.faults.has('password')}>
      {isTyping ? (
        <PasswordInput
          label={has ? t.newPassword : t.password}
          description={t.passwordWhat}
          autoComplete="new-password"
          visibilityToggleButtonProps={{ 'aria-label': t.showPassword }}
          value={password ?? ''}
          onChange={event => form.set('password', event.currentTarget.value || null)}
          error={form.fault('password')}
        />
      ) : (
        <Group gap="sm">
          <Text size="sm">{password === '' ? t.willOpen : t.isProtected}</Text>
          <Button size="compact-sm" variant="default" onClick={() => setTyping(true)}>
            {t.changePassword}
          </Button>
          {password === '' ? (
            <Button size="compact-sm" variant="default" onClick={() => form.set('password', null)}>
              {t.keepPassword}
            </Button>
          ) : (
            <Button size="compact-sm" variant="default" onClick={() => form.set('password', '')}>
              {t.removePassword}
            </Button>
          )}
        </Group>
      )}
    </Section>
  )
}

export function AnswerFields({ form }: { form: LinkForm }) {
  const t = useTexts(formTexts)
  const { values, set, fault } = form
  return (
    <Section
      title={t.answer}
      now={[
        t.statuses[values.status as 302] ?? String(values.status),
        values.redirectBehavior === 'auto'
          ? ''
          : t.redirectsWhom[values.redirectBehavior as 'never'],
      ]
        .filter(Boolean)
        .join(', ')}
      hasFault={['status', 'redirectBehavior', 'parameters'].some(field =>
        form.faults.has(field as never),
      )}
    >
      <Stack gap="sm">
        <NativeSelect
          label={t.status}
          description={t.statusWhat}
          value={String(values.status)}
          onChange={event => set('status', Number(event.currentTarget.value))}
          data={STATUSES.map(status => ({ value: String(status), label: t.statuses[status] }))}
          error={fault('status')}
        />
        <NativeSelect
          label={t.redirects}
          value={values.redirectBehavior}
          onChange={event => set('redirectBehavior', event.currentTarget.value)}
          data={WHOM.map(value => ({ value, label: t.redirectsWhom[value] }))}
          error={fault('redirectBehavior')}
        />
        <Switch
          label={t.forwardQuery}
          description={t.forwardQueryWhat}
          checked={values.forwardQuery}
          onChange={event => set('forwardQuery', event.currentTarget.checked)}
          error={fault('forwardQuery')}
        />
        <Textarea
          label={t.parameters}
          description={t.parametersWhat}
          autosize
          minRows={1}
          spellCheck={false}
          placeholder="ref=waypost"
          value={values.parameters}
          onChange={event => set('parameters', event.currentTarget.value)}
          error={fault('parameters')}
        />
        <Switch
          label={t.cloaked}
          description={t.cloakedWhat}
          checked={values.cloaked}
          onChange={event => set('cloaked', event.currentTarget.checked)}
          error={fault('cloaked')}
        />
        <Switch
          label={t.conversionTracking}
          description={t.conversionTrackingWhat}
          checked={values.conversionTracking}
          onChange={event => set('conversionTracking', event.currentTarget.checked)}
          error={fault('conversionTracking')}
        />
      </Stack>
    </Section>
  )
}
