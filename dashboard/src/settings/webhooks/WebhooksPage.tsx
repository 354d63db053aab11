/** Webhooks: who is told what happens here, and whether it arrives. */
import { Button } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { api, got, type Schemas } from '~/api/client'
import { may, useMe } from '~/api/me'
import { Empty } from '~/parts/Empty'
import { Loaded } from '~/parts/Loaded'
import { PageTitle } from '~/parts/PageTitle'
import { useTexts } from '~/texts/texts'
import { useChange } from '../change'
import { Entries } from '../Entries'
import { Section } from '../Section'
import { ShownOnce } from '../ShownOnce'
import { webhooksTexts } from './texts'
import { WebhookEntry } from './WebhookEntry'
import { WebhookForm } from './WebhookForm'
import { WEBHOOKS } from './webhooks'

export default function WebhooksPage() {
  const t = useTexts(webhooksTexts)
  const mayChange = may(useMe(), 'webhooks:write')
  const [adds, setAdds] = useState(false)
  const [secret, setSecret] = useState<string>()
  const webhooks = useQuery({
    queryKey: WEBHOOKS,
    queryFn: async () => (await got(api.GET('/api/v1/webhooks'))).data,
  })
  const create = useChange({
    change: (wish: Schemas['WebhookChange']) => got(api.POST('/api/v1/webhooks', { body: wish })),
    stale: WEBHOOKS,
    quiet: true,
    onSuccess: webhook => {
      setSecret(webhook.secret ?? undefined)
      setAdds(false)
    },
  })
  return (
    <>
      <PageTitle title={t.title} about={t.about}>
        {mayChange && (
          <Button
            leftSection={<IconPlus size={16} aria-hidden />}
            onClick={() => {
              setSecret(undefined)
              setAdds(true)
            }}
          >
            {t.add}
          </Button>
        )}
      </PageTitle>
      {secret && (
        <ShownOnce label={t.theSecret} value={secret} onDone={() => setSecret(undefined)}>
          {t.theSecretWhat}
        </ShownOnce>
      )}
      {adds && (
        <Section title={t.add}>
          <WebhookForm
            waiting={create.isPending}
            problem={create.error}
            onWish={wish => create.mutate(wish)}
            onCancel={() => {
              create.reset()
              setAdds(false)
            }}
          />
        </Section>
      )}
      <Loaded query={webhooks}>
        {all =>
          all.length === 0 ? (
            <Empty title={t.none}>{t.noneWhat}</Empty>
          ) : (
            <Section title={t.title}>
              <Entries label={t.title}>
                {all.map(webhook => (
                  <WebhookEntry
                    key={webhook.id}
                    webhook={webhook}
                    mayChange={mayChange}
                    onSecret={setSecret}
                  />
                ))}
              </Entries>
            </Section>
          )
        }
      </Loaded>
    </>
  )
}
