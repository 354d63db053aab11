/** Whether a domain reaches this server, and what to enter in its DNS so that it does. */
import { Alert, Button, Stack, Text } from '@mantine/core'
import { IconAlertTriangle, IconCheck } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { api, got } from '~/api/client'
import { Loaded } from '~/parts/Loaded'
import { partsTexts } from '~/parts/texts'
import { useTexts } from '~/texts/texts'
import { Entries, Entry } from '../Entries'
import type { Domain } from './domains'
import { domainsTexts } from './texts'

export function DomainCheck({ domain }: { domain: Domain }) {
  const t = useTexts(domainsTexts)
  const { retry } = useTexts(partsTexts)
  const check = useQuery({
    queryKey: ['domains', domain.id, 'check'],
    queryFn: () =>
      got(api.GET('/api/v1/domains/{domain}/check', { params: { path: { domain: domain.id } } })),
    // It asks other servers: once, and again when somebody wants it.
    staleTime: Infinity,
    refetchOnWindowFocus: false,
  })
  return (
    <Loaded query={check}>
      {({ reached, addresses, tries, advice }) => (
        <Stack mt="md" align="stretch">
          <Alert
            color={reached ? 'green' : 'yellow'}
            title={reached ? t.reaches : t.reachesNot}
            icon={reached ? <IconCheck aria-hidden /> : <IconAlertTriangle aria-hidden />}
          >
            {advice}
          </Alert>
          <Entries label={t.found}>
            <Entry
              title={t.found}
              facts={[
                addresses.length ? (
                  <span key="addresses" className="address">
                    {addresses.join(', ')}
                  </span>
                ) : (
                  t.foundNothing
                ),
              ]}
            />
            {tries.map(({ url, problem }) => (
              <Entry
                key={url}
                title={<span className="address">{url}</span>}
                facts={[problem ?? t.answers]}
              />
            ))}
          </Entries>
          {!reached && (
            <Text size="xs" c="dimmed">
              {t.checkedBy}
            </Text>
          )}
          <div>
            <Button
              size="compact-sm"
              variant="default"
              loading={check.isFetching}
              onClick={() => check.refetch()}
            >
              {retry}
            </Button>
          </div>
        </Stack>
      )}
    </Loaded>
  )
}
