/** Everything that can be said of a domain, in four groups. */
import {
  Alert,
  Button,
  Checkbox,
  Fieldset,
  Group,
  NativeSelect,
  Select,
  Stack,
  TagsInput,
  Textarea,
  TextInput,
} from '@mantine/core'
import { useState } from 'react'
import { api, got } from '~/api/client'
import { Problem } from '~/api/problem'
import { partsTexts } from '~/parts/texts'
import { useTexts } from '~/texts/texts'
import { useChange } from '../change'
import { settingsTexts } from '../texts'
import { Unsaved } from '../Unsaved'
import type { Domain, DomainChange } from './domains'
import { jsonOf, textOf } from './json'
import { domainsTexts } from './texts'

const ZONES = ['UTC', ...Intl.supportedValuesOf('timeZone').filter(zone => zone !== 'UTC')]
const ADDRESSES = ['rootUrl', 'notFoundUrl', 'expiredUrl'] as const

interface Props {
  domain: Domain
  onDone: () => void
}

export function DomainForm({ domain, onDone }: Props) {
  const t = useTexts(domainsTexts)
  const s = useTexts(settingsTexts)
  const { cancel } = useTexts(partsTexts)
  const [changed, setChanged] = useState<DomainChange>({})
  const [apple, setApple] = useState(textOf(domain.appleAppSiteAssociation))
  const [android, setAndroid] = useState(textOf(domain.assetLinks))
  const set = (change: DomainChange) => setChanged({ ...changed, ...change })
  const now = { ...domain, ...changed }
  const files: DomainChange = {}
  const appleJson = jsonOf(apple)
  const androidJson = jsonOf(android)
  if (apple !== textOf(domain.appleAppSiteAssociation) && appleJson.ok) {
    files.appleAppSiteAssociation = appleJson.value as DomainChange['appleAppSiteAssociation']
  }
  if (android !== textOf(domain.assetLinks) && androidJson.ok) {
    files.assetLinks = androidJson.value as DomainChange['assetLinks']
  }
  const body = { ...changed, ...files }
  const save = useChange({
    change: () =>
      got(api.PATCH('/api/v1/domains/{domain}', { params: { path: { domain: domain.id } }, body })),
    stale: ['domains'],
    quiet: true,
    done: () => t.saved(domain.host),
    onSuccess: onDone,
  })
  const problem = save.error instanceof Problem ? save.error : undefined
  const fault = (at: string) => problem?.fault(at)
  const yes = (
    field:
      | 'caseSensitive'
      | 'cloaks'
      | 'purgesExpired'
      | 'hidesReferrer'
      | 'marksQr'
      | 'httpsLinks',
    what?: string,
  ) => (
    <Checkbox
      label={t[field]}
      description={what}
      checked={now[field]}
      error={fault(field)}
      onChange={event => set({ [field]: event.currentTarget.checked })}
    />
  )

  return (
    <form
      onSubmit={event => {
        event.preventDefault()
        save.mutate()
      }}
    >
      <Unsaved when={0 < Object.keys(body).length && !save.isSuccess} />
      <Stack mt="md">
        {save.error && (
          <Alert color="red" role="alert">
            {save.error.message}
          </Alert>
        )}
        <Fieldset legend={t.landing}>
          <Stack>
            {ADDRESSES.map(field => (
              <TextInput
                key={field}
                type="url"
                label={t[field]}
                description={
                  field === 'rootUrl' ? t.rootUrlWhat(domain.host) : t[`${field}What` as const]
                }
                placeholder="https://example.com/"
                value={now[field] ?? ''}
                error={fault(field)}
                onChange={event => set({ [field]: event.currentTarget.value.trim() || null })}
              />
            ))}
            <Select
              label={t.timezone}
              description={t.timezoneWhat}
              data={ZONES}
              searchable
              allowDeselect={false}
              maw={320}
              value={now.timezone}
              error={fault('timezone')}
              onChange={timezone => timezone && set({ timezone })}
            />
          </Stack>
        </Fieldset>
        <Fieldset legend={t.newLinks}>
          <Stack>
            <Group align="flex-start">
              <NativeSelect
                label={t.slugs}
                data={options(t.slugKinds)}
                value={now.slugs}
                onChange={event => set({ slugs: event.currentTarget.value })}
              />
              <NativeSelect
                label={t.defaultStatus}
                data={options(t.statuses)}
                value={String(now.defaultStatus)}
                onChange={event => set({ defaultStatus: Number(event.currentTarget.value) })}
              />
            </Group>
            {yes('caseSensitive', t.caseSensitiveWhat)}
            {yes('cloaks', t.cloaksWhat)}
            {yes('purgesExpired')}
          </Stack>
        </Fieldset>
        <Fieldset legend={t.privacy}>
          <Stack>
            <Group align="flex-start">
              <NativeSelect
                label={t.robots}
                data={options(t.robotsKinds)}
                value={now.robots}
                onChange={event => set({ robots: event.currentTarget.value })}
              />
              <NativeSelect
                label={t.https}
                data={options(t.httpsKinds)}
                value={now.https}
                onChange={event => set({ https: event.currentTarget.value })}
              />
            </Group>
            {yes('httpsLinks')}
            {yes('hidesReferrer')}
            {yes('marksQr')}
          </Stack>
        </Fieldset>
        <Fieldset legend={t.apps}>
          <Stack>
            <TagsInput
              label={t.appSchemes}
              description={t.appSchemesWhat}
              value={now.appSchemes}
              error={fault('appSchemes')}
              onChange={appSchemes => set({ appSchemes })}
            />
            <JsonField
              label={t.apple}
              about={t.appleWhat}
              value={apple}
              problem={appleJson.ok ? fault('appleAppSiteAssociation') : t.notJson}
              onChange={setApple}
            />
            <JsonField
              label={t.android}
              about={t.androidWhat}
              value={android}
              problem={androidJson.ok ? fault('assetLinks') : t.notJson}
              onChange={setAndroid}
            />
          </Stack>
        </Fieldset>
        <Group>
          <Button
            type="submit"
            loading={save.isPending}
            disabled={!appleJson.ok || !androidJson.ok}
          >
            {s.save}
          </Button>
          <Button variant="default" onClick={onDone}>
            {cancel}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}

interface JsonProps {
  label: string
  about: string
  value: string
  problem: string | undefined
  onChange: (text: string) => void
}

function JsonField({ label, about, value, problem, onChange }: JsonProps) {
  return (
    <Textarea
      label={label}
      description={about}
      autosize
      minRows={2}
      maxRows={12}
      spellCheck={false}
      styles={{ input: { fontFamily: 'var(--mono)' } }}
      value={value}
      error={problem}
      onChange={event => onChange(event.currentTarget.value)}
    />
  )
}

function options(words: Record<string, string>) {
  return Object.entries(words).map(([value, label]) => ({ value, label }))
}
