/** A visitor as the request that they would send: everything else follows from it. */
import {
  ActionIcon,
  Autocomplete,
  Button,
  Group,
  Stack,
  Switch,
  Text,
  Textarea,
  TextInput,
} from '@mantine/core'
import { IconPlus, IconX } from '@tabler/icons-react'
import { useTexts } from '~/texts/texts'
import { AGENTS } from './agents'
import { visitorsTexts } from './texts'
import styles from './Visitor.module.css'
import type { Request } from './visitor'

interface Props {
  request: Request
  onChange: (request: Request) => void
  fault: (at: string) => string | undefined
}

/** Headers that have an input of their own. */
const OWN = ['user-agent', 'accept-language', 'sec-gpc']

export function RequestForm({ request, onChange, fault }: Props) {
  const t = useTexts(visitorsTexts).form
  const text = (name: string) => request.headers.find(([known]) => is(known, name))?.[1] ?? ''
  const headers = (next: Request['headers']) => onChange({ ...request, headers: next })
  const set = (name: string, value: string) => {
    const others = request.headers.filter(([known]) => !is(known, name))
    headers(value ? [[name, value], ...others] : others)
  }
  const change = (at: number, header: readonly [string, string] | undefined) =>
    headers(header ? request.headers.with(at, header) : request.headers.toSpliced(at, 1))

  return (
    <Stack gap="md">
      <TextInput
        label={t.address}
        description={t.addressHint}
        placeholder="203.0.113.7"
        value={request.ip}
        error={fault('ip')}
        onChange={event => onChange({ ...request, ip: event.currentTarget.value })}
      />
      <div>
        <Textarea
          label={t.agent}
          description={t.agentHint}
          autosize
          minRows={2}
          maxRows={5}
          classNames={{ input: styles.agent }}
          value={text('user-agent')}
          error={fault('headers.user-agent')}
          onChange={event => set('user-agent', event.currentTarget.value.replace(/\n/g, ' '))}
        />
        <Group gap={4} mt={4}>
          {Object.entries(AGENTS).map(([name, agent]) => (
            <Button
              key={name}
              size="compact-xs"
              variant={text('user-agent') === agent ? 'light' : 'default'}
              onClick={() => set('user-agent', agent)}
            >
              {name}
            </Button>
          ))}
        </Group>
      </div>
      <Autocomplete
        label={t.language}
        placeholder={t.none}
        data={['en-US,en;q=0.9', 'de-DE,de;q=0.9', 'fr-FR,fr;q=0.9', 'es-ES,es;q=0.9']}
        value={text('accept-language')}
        onChange={value => set('accept-language', value)}
      />
      <TextInput
        label={t.query}
        placeholder="?utm_source=mail"
        value={request.url}
        error={fault('url')}
        onChange={event => onChange({ ...request, url: event.currentTarget.value })}
      />
      <Switch
        label={t.gpc}
        checked={text('sec-gpc') === '1'}
        onChange={event => set('sec-gpc', event.currentTarget.checked ? '1' : '')}
      />
      <fieldset className={styles.field}>
        <legend>{t.otherHeaders}</legend>
        <Stack gap={4}>
          {request.headers.map(([name, value], at) =>
            OWN.some(own => is(name, own)) ? null : (
              // biome-ignore lint/suspicious/noArrayIndexKey: a header has no other identity while its name is typed
              <div key={at} className={styles.header}>
                <TextInput
                  aria-label={t.headerName}
                  placeholder="x-app"
                  value={name}
                  onChange={event => change(at, [event.currentTarget.value, value])}
                />
                <TextInput
                  aria-label={`${name || t.otherHeaders}: ${t.headerText}`}
                  value={value}
                  onChange={event => change(at, [name, event.currentTarget.value])}
                />
                <ActionIcon
                  variant="subtle"
                  color="gray"
                  aria-label={t.removeHeader(name)}
                  onClick={() => change(at, undefined)}
                >
                  <IconX size={16} />
                </ActionIcon>
                {fault(`headers.${name}`) && (
                  <Text size="xs" c="var(--bad)">
                    {fault(`headers.${name}`)}
                  </Text>
                )}
              </div>
            ),
          )}
          <div>
            <Button
              size="compact-sm"
              variant="default"
              leftSection={<IconPlus size={14} />}
              onClick={() => headers([...request.headers, ['', '']])}
            >
              {t.header}
            </Button>
          </div>
        </Stack>
      </fieldset>
    </Stack>
  )
}

const is = (name: string, other: string) => name.trim().toLowerCase() === other
