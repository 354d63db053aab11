/** The ids that other services gave a link: their APIs, spoken by this server, go on finding it. */
import {
  ActionIcon,
  Button,
  Group,
  NativeSelect,
  Stack,
  Table,
  Text,
  TextInput,
} from '@mantine/core'
import { IconTrash } from '@tabler/icons-react'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { api, got } from '~/api/client'
import { Problem } from '~/api/problem'
import { notify, notifyProblem } from '~/shell/notices'
import { useTexts } from '~/texts/texts'
import { Section } from './Section'
import { formTexts } from './texts'

const SERVICES = { shortio: 'Short.io', linquid: 'Linquid', dglnk: 'dgLnk' } as const

interface Key {
  service: string
  id: string
}

export function ForeignIds({ link }: { link: string }) {
  const t = useTexts(formTexts)
  const queries = useQueryClient()
  const queryKey = ['link', link, 'foreign-ids']
  const params = { path: { link } }
  const ids = useQuery({
    queryKey,
    queryFn: () => got(api.GET('/api/v1/links/{link}/foreign-ids', { params })),
  })
  const [service, setService] = useState<string>('shortio')
  const [id, setId] = useState('')
  const refresh = () => queries.invalidateQueries({ queryKey })
  const put = (key: Key) => got(api.POST('/api/v1/links/{link}/foreign-ids', { params, body: key }))
  const added = useMutation({
    mutationFn: put,
    onSuccess: () => {
      setId('')
      void refresh()
    },
  })
  const removed = useMutation({
    mutationFn: ({ service, id }: Key) =>
      got(
        api.DELETE('/api/v1/links/{link}/foreign-ids/{service}/{id}', {
          params: { path: { link, service, id } },
        }),
      ),
    onSuccess: (_, key) => {
      notify(t.idRemoved(key.id), { undo: () => void put(key).then(refresh, notifyProblem) })
      void refresh()
    },
    onError: notifyProblem,
  })
  const all = ids.data?.data ?? []
  const { error } = added
  return (
    <Section title={t.foreignIds} now={all.map(({ id }) => id).join(', ') || t.none}>
      <Text size="xs" c="dimmed">
        {t.foreignIdsWhat}
      </Text>
      {0 < all.length && (
        <Table>
          <Table.Tbody>
            {all.map(key => (
              <Table.Tr key={`${key.service} ${key.id}`}>
                <Table.Td>{SERVICES[key.service as keyof typeof SERVICES] ?? key.service}</Table.Td>
                <Table.Td className="address">{key.id}</Table.Td>
                <Table.Td ta="right">
                  <ActionIcon
                    variant="subtle"
                    aria-label={t.removeId(key.id)}
                    onClick={() => removed.mutate(key)}
                  >
                    <IconTrash size={16} />
                  </ActionIcon>
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
      <Group gap="sm" align="flex-start">
        <NativeSelect
          label={t.service}
          value={service}
          onChange={event => setService(event.currentTarget.value)}
          data={Object.entries(SERVICES).map(([value, label]) => ({ value, label }))}
        />
        <TextInput
          label={t.foreignId}
          spellCheck={false}
          value={id}
          onChange={event => {
            setId(event.currentTarget.value)
            added.reset()
          }}
          onKeyDown={event => {
            // Within the link's own form, which Enter would send.
            if (event.key !== 'Enter') return
            event.preventDefault()
            if (id.trim()) added.mutate({ service, id: id.trim() })
          }}
          error={error instanceof Problem ? (error.fault('id') ?? error.message) : error?.message}
        />
        <Stack pt={24}>
          <Button
            variant="default"
            disabled={!id.trim()}
            loading={added.isPending}
            onClick={() => added.mutate({ service, id: id.trim() })}
          >
            {t.addId}
          </Button>
        </Stack>
      </Group>
    </Section>
  )
}
