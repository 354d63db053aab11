/** A message to a webhook as it is signed and sent, and how the last try at it went. */
import { Code, Skeleton, Stack } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { api, got, type Schemas } from '~/api/client'
import { Failed } from '~/parts/Failed'
import { useFormat } from '~/texts/format'
import { useTexts } from '~/texts/texts'
import styles from './Message.module.css'
import { webhooksTexts } from './texts'
import { WEBHOOKS } from './webhooks'

interface Props {
  webhook: string
  delivery: Schemas['Delivery']
}

export function Message({ webhook, delivery }: Props) {
  const t = useTexts(webhooksTexts)
  const format = useFormat()
  const sent = useQuery({
    queryKey: [...WEBHOOKS, webhook, 'message', delivery.id],
    queryFn: () =>
      got(
        api.GET('/api/v1/webhooks/{webhook}/deliveries/{delivery}', {
          params: { path: { webhook, delivery: delivery.id } },
        }),
      ),
    // What was sent once is sent again as it was.
    staleTime: Infinity,
  })
  const { lastAttemptAt, lastStatus, lastError } = delivery
  const facts: [string, string | null | undefined][] = [
    ['webhook-id', delivery.id],
    [t.happened, format.time(delivery.createdAt)],
    [t.lastTry, lastAttemptAt && format.time(lastAttemptAt)],
    [t.answer, lastError ?? (lastStatus ? t.status(lastStatus) : null)],
  ]
  return (
    <Stack mt="sm" gap="xs">
      <dl className={styles.facts}>
        {facts
          .filter(([, fact]) => fact)
          .map(([name, fact]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{fact}</dd>
            </div>
          ))}
      </dl>
      {sent.isPending && <Skeleton height={120} />}
      {sent.error && <Failed error={sent.error} retry={() => void sent.refetch()} />}
      {sent.data && (
        <Code block className={styles.body} tabIndex={0} role="region" aria-label={t.body}>
          {JSON.stringify(JSON.parse(sent.data.body), null, 2)}
        </Code>
      )}
    </Stack>
  )
}
