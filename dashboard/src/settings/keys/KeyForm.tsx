/** What a key is called, what it may do, where, and until when. */
import { Checkbox, Group, MultiSelect, NativeSelect, Radio, Stack, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { Schemas } from '~/api/client'
import { useFormat } from '~/texts/format'
import { useTexts } from '~/texts/texts'
import { domainsQuery } from '../domains/domains'
import { Form } from '../Form'
import { settingsTexts } from '../texts'
import { keysTexts } from './texts'

type Key = Schemas['Key']

export interface KeyWish {
  name: string
  scopes: string[]
  domains: string[] | null
  expiresAt?: string | null
}

interface Props {
  /** The key that is changed; none: a new one. */
  keyBefore?: Key
  waiting: boolean
  problem: Error | null
  onWish: (wish: KeyWish) => void
  onCancel: () => void
}

const ADMIN = 'admin'
const DAYS = [30, 90, 365]

export function KeyForm({ keyBefore, waiting, problem, onWish, onCancel }: Props) {
  const t = useTexts(keysTexts)
  const s = useTexts(settingsTexts)
  const format = useFormat()
  const hosts = useQuery(domainsQuery).data?.map(domain => domain.host) ?? []
  const [name, setName] = useState(keyBefore?.name ?? '')
  const [everything, setEverything] = useState(keyBefore?.scopes.includes(ADMIN) ?? false)
  const [scopes, setScopes] = useState(
    keyBefore?.scopes.filter(scope => scope !== ADMIN) ?? ['links:read', 'links:write'],
  )
  const [domains, setDomains] = useState(keyBefore?.domains ?? [])
  const [valid, setValid] = useState(keyBefore?.expiresAt ? 'as-is' : 'forever')
  const nothing = !everything && scopes.length === 0

  return (
    <Form
      label={keyBefore ? s.save : t.make}
      waiting={waiting}
      problem={problem}
      fields={['name']}
      disabled={nothing}
      onSubmit={() => {
        onWish({
          name: name.trim(),
          scopes: everything ? [ADMIN] : scopes,
          domains: domains.length ? domains : null,
          ...(valid === 'as-is' ? {} : { expiresAt: end(valid) }),
        })
      }}
      onCancel={onCancel}
    >
      {fault => (
        <>
          <TextInput
            label={t.name}
            description={t.nameWhat}
            required
            withAsterisk={false}
            autoFocus
            maw={420}
            value={name}
            error={fault('name')}
            onChange={event => setName(event.currentTarget.value)}
          />
          <Radio.Group
            label={t.scopes}
            value={everything ? 'everything' : 'chosen'}
            onChange={value => setEverything(value === 'everything')}
          >
            <Stack gap="sm" mt="xs">
              <Radio value="chosen" label={t.chosen} />
              <Radio value="everything" label={t.everything} description={t.everythingWhat} />
            </Stack>
          </Radio.Group>
          {!everything && (
            <Checkbox.Group
              aria-label={t.chosen}
              value={scopes}
              onChange={setScopes}
              error={nothing ? t.chooseOne : undefined}
            >
              <div
                style={{
                  display: 'grid',
                  gap: 12,
                  gridTemplateColumns: 'repeat(auto-fill, minmax(240px, 1fr))',
                }}
              >
                {Object.entries(t.scope).map(([scope, [label, what]]) => (
                  <Checkbox key={scope} value={scope} label={label} description={what} />
                ))}
              </div>
            </Checkbox.Group>
          )}
          <Group align="flex-start">
            <MultiSelect
              label={t.domains}
              description={t.domainsWhat}
              data={hosts}
              value={domains}
              onChange={setDomains}
              searchable
              flex="1 1 280px"
            />
            <NativeSelect
              label={t.expires}
              description={'\u00a0'}
              value={valid}
              onChange={event => setValid(event.currentTarget.value)}
              data={[
                { value: 'forever', label: t.forever },
                ...(keyBefore?.expiresAt
                  ? [{ value: 'as-is', label: t.asIs(format.date(keyBefore.expiresAt)) }]
                  : []),
                ...DAYS.map(days => ({ value: String(days), label: t.days(days) })),
              ]}
            />
          </Group>
        </>
      )}
    </Form>
  )
}

/** The moment in so many days. */
function end(valid: string): string | null {
  return valid === 'forever'
    ? null
    : new Date(Date.now() + Number(valid) * 86_400_000).toISOString()
}
