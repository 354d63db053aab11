/** Whether a domain reaches this server, and what to enter in its DNS so that it does. */
import { Alert, Button, Code, Stack, Table, Text } from '@mantine/core'
import { IconAlertTriangle, IconCheck } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { call } from '~/api/call'
import { Problem } from '~/api/problem'
import { CopyButton } from '~/parts/CopyButton'
import { Loaded } from '~/parts/Loaded'
import { partsTexts } from '~/parts/texts'
import { useTexts } from '~/texts/texts'
import type { Domain } from './domains'
import { domainsTexts } from './texts'

interface Check {
  reaches: boolean
  /** One sentence: what was found, what to do. */
  detail: string
  /** What DNS answers now. */
  records: { type: string; value: string }[]
  /** What it should answer. */
  enter: { type: string; name: string; value: string }[]
}

export function DomainCheck({ domain }: { domain: Domain }) {
  const t = useTexts(domainsTexts)
  const { retry } = useTexts(partsTexts)
  const check = useQuery({
    queryKey: ['domains', domain.id, 'check'],
    queryFn: () => call<Check>('GET', `/api/v1/domains/${domain.id}/check`),
    // It asks other servers: once, and again when somebody wants it.
    staleTime: Infinity,
    refetchOnWindowFocus: false,
  })
  if (check.error instanceof Problem && check.error.status === 404) {
    return <Text c="dimmed">{t.noCheck}</Text>
  }
  return (
    <Loaded query={check}>
      {({ reaches, detail, records, enter }) => (
        <Stack mt="md" align="flex-start">
          <Alert
            w="100%"
            color={reaches ? 'green' : 'yellow'}
            title={reaches ? t.reaches : t.reachesNot}
            icon={reaches ? <IconCheck aria-hidden /> : <IconAlertTriangle aria-hidden />}
          >
            {detail}
          </Alert>
          {!reaches && enter.length > 0 && <Records title={t.enter} records={enter} />}
          {records.length > 0 ? (
            <Records title={t.found} records={records} />
          ) : (
            <Text size="sm">{t.foundNothing}</Text>
          )}
          <Text size="xs" c="dimmed">
            {t.checkedBy}
          </Text>
          <Button
            size="compact-sm"
            variant="default"
            loading={check.isFetching}
            onClick={() => check.refetch()}
          >
            {retry}
          </Button>
        </Stack>
      )}
    </Loaded>
  )
}

interface RecordsProps {
  title: string
  records: { type: string; name?: string; value: string }[]
}

function Records({ title, records }: RecordsProps) {
  const t = useTexts(domainsTexts)
  const named = records.some(record => record.name)
  return (
    <Table.ScrollContainer minWidth={320} w="100%">
      <Table captionSide="top">
        <Table.Caption>{title}</Table.Caption>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t.recordType}</Table.Th>
            {named && <Table.Th>{t.recordName}</Table.Th>}
            <Table.Th>{t.recordValue}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {records.map(({ type, name, value }) => (
            <Table.Tr key={`${type} ${value}`}>
              <Table.Td>{type}</Table.Td>
              {named && (
                <Table.Td>
                  <Code>{name}</Code>
                </Table.Td>
              )}
              <Table.Td>
                <Code>{value}</Code>
                {named && <CopyButton value={value} />}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  )
}
