/** What a webhook was told, or is to be told: with what was sent, and a way to send it again. */
import { Button, Group, SegmentedControl, Skeleton, Stack, Text } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { api, got, type Schemas } from '~/api/client'
import { Failed } from '~/parts/Failed'
import { useFormat } from '~/texts/format'
import { useTexts } from '~/texts/texts'
import { useChange } from '../change'
import { Entries, Entry } from '../Entries'
import { Message } from './Message'
import { webhooksTexts } from './texts'
import { WEBHOOKS } from './webhooks'

type Delivery = Schemas['Delivery']

const KEPT_DAYS = 30

interface Props {
  webhook: string
  mayChange: boolean
}

export function Deliveries({ webhook, mayChange }: Props) {
  const t = useTexts(webhooksTexts)
  const [state, setState] = useState('all')
  const stale = [...WEBHOOKS, webhook, 'deliveries']
  const deliveries = useInfiniteQuery({
    queryKey: [...stale, state],
    queryFn: ({ pageParam }) =>
      got(
        api.GET('/api/v1/webhooks/{webhook}/deliveries', {
          params: {
            path: { webhook },
            query: { state: state === 'all' ? undefined : state, limit: 20, cursor: pageParam },
          },
        }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: page => page.next ?? undefined,
    // What is on its way arrives while one looks.
    refetchInterval: 5_000,
  })
  const resendFailed = useChange({
    change: () => {
      const since = new Date(Date.now() - KEPT_DAYS * 86_400_000).toISOString()
      return got(
        api.POST('/api/v1/webhooks/{webhook}/replay', {
          params: { path: { webhook } },
          body: { since },
        }),
      )
    },
    stale,
    done: ({ replayed }) => t.resentAll(replayed),
  })
  const all = deliveries.data?.pages.flatMap(page => page.data)
  return (
    <Stack mt="md">
      <Group justify="space-between">
        <SegmentedControl
          aria-label={t.which}
          size="xs"
          value={state}
          onChange={setState}
          data={[
            { value: 'all', label: t.all },
            ...Object.entries(t.deliveryState).map(([value, label]) => ({ value, label })),
          ]}
        />
        {mayChange && state === 'failed' && all && 0 < all.length && (
          <Button
            size="compact-sm"
            variant="default"
            loading={resendFailed.isPending}
            onClick={() => resendFailed.mutate()}
          >
            {t.resendFailed}
          </Button>
        )}
      </Group>
      {deliveries.error && <Failed error={deliveries.error} retry={() => deliveries.refetch()} />}
      {!all && !deliveries.error && <Skeleton height={80} />}
      {all?.length === 0 && <Text c="dimmed">{t.deliveriesNone}</Text>}
      {all && 0 < all.length && (
        <Entries label={t.deliveries}>
          {all.map(delivery => (
            <DeliveryEntry
              key={delivery.id}
              webhook={webhook}
              delivery={delivery}
              mayChange={mayChange}
            />
          ))}
        </Entries>
      )}
      {deliveries.hasNextPage && (
        <Button
          variant="default"
          size="compact-sm"
          loading={deliveries.isFetchingNextPage}
          onClick={() => deliveries.fetchNextPage()}
        >
          {t.more}
        </Button>
      )}
    </Stack>
  )
}

function DeliveryEntry({ webhook, delivery, mayChange }: Props & { delivery: Delivery }) {
  const t = useTexts(webhooksTexts)
  const format = useFormat()
  const [open, setOpen] = useState(false)
  const resend = useChange({
    change: () =>
      got(
        api.POST('/api/v1/webhooks/{webhook}/deliveries/{delivery}/replay', {
          params: { path: { webhook, delivery: delivery.id } },
        }),
      ),
    stale: [...WEBHOOKS, webhook, 'deliveries'],
    done: () => t.resent,
  })
  const color = { delivered: 'var(--yes)', failed: 'var(--bad)' }[delivery.state]
  return (
    <Entry
      title={t.event[delivery.event] ?? delivery.event}
      facts={[
        <Text span size="xs" key="state" c={color}>
          {t.deliveryState[delivery.state]}
        </Text>,
        <span key="at" title={delivery.createdAt}>
          {format.time(delivery.createdAt)}
        </span>,
        t.attempts(delivery.attempts),
        delivery.lastStatus && t.status(delivery.lastStatus),
        !delivery.lastStatus && delivery.lastError,
        delivery.nextAttemptAt && t.next(format.relative(delivery.nextAttemptAt)),
      ]}
      actions={
        <>
          <Button
            size="compact-sm"
            variant="subtle"
            aria-expanded={open}
            onClick={() => setOpen(!open)}
          >
            {t.body}
          </Button>
          {mayChange && (
            <Button
              size="compact-sm"
              variant="default"
              loading={resend.isPending}
              onClick={() => resend.mutate()}
            >
              {t.resend}
            </Button>
          )}
        </>
      }
    >
      {open && <Message webhook={webhook} delivery={delivery} />}
    </Entry>
  )
}
