/** One webhook: its state in words, a test, its messages, a change, a new secret, its end. */
import { Button, Text } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import { useState } from 'react'
import { api, got, type Schemas } from '~/api/client'
import { ConfirmButton } from '~/parts/ConfirmButton'
import { notify } from '~/shell/notices'
import { useFormat } from '~/texts/format'
import { useTexts } from '~/texts/texts'
import { useChange } from '../change'
import { Entry } from '../Entries'
import { settingsTexts } from '../texts'
import { Deliveries } from './Deliveries'
import { webhooksTexts } from './texts'
import { WebhookForm } from './WebhookForm'
import { WEBHOOKS } from './webhooks'

interface Props {
  webhook: Schemas['Webhook']
  mayChange: boolean
  onSecret: (secret: string) => void
}

export function WebhookEntry({ webhook, mayChange, onSecret }: Props) {
  const t = useTexts(webhooksTexts)
  const s = useTexts(settingsTexts)
  const format = useFormat()
  const [open, setOpen] = useState<'edit' | 'deliveries' | null>(null)
  const params = { path: { webhook: webhook.id } }
  const edit = useChange({
    change: (body: Schemas['WebhookChange']) =>
      got(api.PATCH('/api/v1/webhooks/{webhook}', { params, body })),
    stale: WEBHOOKS,
    quiet: true,
    done: () => t.saved,
    onSuccess: () => setOpen(null),
  })
  const test = useChange({
    change: () => got(api.POST('/api/v1/webhooks/{webhook}/test', { params })),
    stale: WEBHOOKS,
    onSuccess: ({ delivered, status, error }) =>
      delivered
        ? notify(t.testGood(status ?? 200))
        : notify(t.testBad(error ?? ''), { kind: 'problem' }),
  })
  const renew = useChange({
    change: () => got(api.POST('/api/v1/webhooks/{webhook}/secret', { params })),
    stale: WEBHOOKS,
    onSuccess: renewed => renewed.secret && onSecret(renewed.secret),
  })
  const remove = useChange({
    change: () => got(api.DELETE('/api/v1/webhooks/{webhook}', { params })),
    stale: WEBHOOKS,
    done: () => t.removed,
  })
  const stopped = webhook.state === 'gone' || webhook.state === 'failing'
  const toggle = (part: 'edit' | 'deliveries') => setOpen(open === part ? null : part)
  return (
    <Entry
      title={<span className="address">{webhook.url}</span>}
      facts={[
        webhook.description,
        stopped || webhook.failingSince ? (
          <Text key="state" span size="xs" c="var(--unknown)">
            <IconAlertTriangle size={13} aria-hidden style={{ verticalAlign: -2 }} />{' '}
            {stopped
              ? t.state[webhook.state]
              : t.failingSince(format.relative(webhook.failingSince ?? ''))}
          </Text>
        ) : (
          t.state[webhook.state]
        ),
        webhook.events ? t.hears(webhook.events.length) : t.hearsAll,
      ]}
      actions={
        <>
          <Button
            size="compact-sm"
            variant="default"
            aria-expanded={open === 'deliveries'}
            aria-label={t.deliveriesOf(webhook.url)}
            onClick={() => toggle('deliveries')}
          >
            {t.deliveries}
          </Button>
          {mayChange && (
            <>
              {stopped && (
                <Button size="compact-sm" onClick={() => edit.mutate({ enabled: true })}>
                  {t.enable}
                </Button>
              )}
              <Button
                size="compact-sm"
                variant="default"
                loading={test.isPending}
                aria-label={t.testOf(webhook.url)}
                onClick={() => test.mutate()}
              >
                {t.test}
              </Button>
              <Button
                size="compact-sm"
                variant="default"
                aria-expanded={open === 'edit'}
                aria-label={`${s.edit}: ${webhook.url}`}
                onClick={() => toggle('edit')}
              >
                {s.edit}
              </Button>
              <ConfirmButton label={t.renew} title={t.renewTitle} onConfirm={() => renew.mutate()}>
                {t.renewWhat}
              </ConfirmButton>
              <ConfirmButton
                label={t.remove}
                title={t.removeTitle}
                onConfirm={() => remove.mutate()}
              >
                {t.removeWhat}
              </ConfirmButton>
            </>
          )}
        </>
      }
    >
      {open === 'edit' && (
        <WebhookForm
          before={webhook}
          waiting={edit.isPending}
          problem={edit.error}
          onWish={wish => edit.mutate(wish)}
          onCancel={() => setOpen(null)}
        />
      )}
      {open === 'deliveries' && <Deliveries webhook={webhook.id} mayChange={mayChange} />}
    </Entry>
  )
}
