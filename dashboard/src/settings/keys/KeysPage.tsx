/** API keys: who else may, what, where, and until when. */
import { Anchor, Button } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { api, got, type Schemas } from '~/api/client'
import { ConfirmButton } from '~/parts/ConfirmButton'
import { Empty } from '~/parts/Empty'
import { Loaded } from '~/parts/Loaded'
import { PageTitle } from '~/parts/PageTitle'
import { useFormat } from '~/texts/format'
import { useTexts } from '~/texts/texts'
import { useChange } from '../change'
import { Entries, Entry } from '../Entries'
import { Section } from '../Section'
import { ShownOnce } from '../ShownOnce'
import { settingsTexts } from '../texts'
import { KeyForm, type KeyWish } from './KeyForm'
import { type KeysTexts, keysTexts } from './texts'

type Key = Schemas['Key']

const KEYS = ['keys']

export default function KeysPage() {
  const t = useTexts(keysTexts)
  const [made, setMade] = useState<Key>()
  const [adds, setAdds] = useState(false)
  const keys = useQuery({
    queryKey: KEYS,
    queryFn: async () => (await got(api.GET('/api/v1/keys'))).data,
  })
  const create = useChange({
    change: (wish: KeyWish) => got(api.POST('/api/v1/keys', { body: wish })),
    stale: KEYS,
    quiet: true,
    onSuccess: key => {
      setMade(key)
      setAdds(false)
    },
  })

  return (
    <>
      <PageTitle
        title={t.title}
        about={
          <>
            {t.about}{' '}
            <Anchor href="/docs" inherit underline="always">
              {t.documentation}
            </Anchor>
          </>
        }
      >
        <Button
          leftSection={<IconPlus size={16} aria-hidden />}
          onClick={() => {
            setMade(undefined)
            setAdds(true)
          }}
        >
          {t.add}
        </Button>
      </PageTitle>
      {made?.key && (
        <ShownOnce
          label={t.theKey}
          value={made.key}
          example={{ label: t.tryIt, text: example(made) }}
          onDone={() => setMade(undefined)}
        />
      )}
      {adds && (
        <Section title={t.add}>
          <KeyForm
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
      <Loaded query={keys}>{all => <Keys keys={all} />}</Loaded>
    </>
  )
}

/** A call that this very key may make. */
function example({ key, scopes }: Key): string {
  const address = `${location.origin}/api/v1`
  const header = `-H 'Authorization: Bearer ${key}'`
  if (scopes.includes('links:create') && !scopes.includes('links:read')) {
    const body = JSON.stringify({ destination: 'https://example.com/' })
    return `curl ${address}/links ${header} -H 'Content-Type: application/json' -d '${body}'`
  }
  const sees = scopes.includes('admin') || scopes.includes('links:read')
  return `curl ${address}/${sees ? 'links' : 'me'} ${header}`
}

function Keys({ keys }: { keys: Key[] }) {
  const t = useTexts(keysTexts)
  const now = new Date().toISOString()
  const isOver = (key: Key) => key.revokedAt || (key.expiresAt && key.expiresAt <= now)
  const valid = keys.filter(key => !isOver(key))
  const over = keys.filter(isOver)
  return (
    <>
      {valid.length === 0 ? (
        <Empty title={t.none}>{t.noneWhat}</Empty>
      ) : (
        <Section title={t.title}>
          <Entries label={t.title}>
            {valid.map(key => (
              <ValidKey key={key.id} apiKey={key} />
            ))}
          </Entries>
        </Section>
      )}
      {over.length > 0 && (
        <details>
          <summary>{t.over(over.length)}</summary>
          <Entries label={t.over(over.length)}>
            {over.map(key => (
              <OverKey key={key.id} apiKey={key} />
            ))}
          </Entries>
        </details>
      )}
    </>
  )
}

function ValidKey({ apiKey }: { apiKey: Key }) {
  const t = useTexts(keysTexts)
  const s = useTexts(settingsTexts)
  const format = useFormat()
  const [edits, setEdits] = useState(false)
  const path = { key: apiKey.id }
  const edit = useChange({
    change: (wish: KeyWish) =>
      got(api.PATCH('/api/v1/keys/{key}', { params: { path }, body: wish })),
    stale: KEYS,
    quiet: true,
    done: key => t.saved(key.name),
    onSuccess: () => setEdits(false),
  })
  const revoke = useChange({
    change: () => got(api.DELETE('/api/v1/keys/{key}', { params: { path } })),
    stale: KEYS,
    done: () => t.revoked(apiKey.name),
  })
  return (
    <Entry
      title={apiKey.name}
      facts={[
        powers(apiKey, t),
        apiKey.domains && t.on(apiKey.domains.join(', ')),
        apiKey.lastUsedAt ? t.usedAt(format.relative(apiKey.lastUsedAt)) : t.neverUsed,
        apiKey.expiresAt && t.until(format.date(apiKey.expiresAt)),
        t.madeOn(format.date(apiKey.createdAt)),
      ]}
      actions={
        <>
          <Button
            size="compact-sm"
            variant="default"
            aria-expanded={edits}
            aria-label={`${s.edit}: ${apiKey.name}`}
            onClick={() => setEdits(!edits)}
          >
            {s.edit}
          </Button>
          <ConfirmButton
            label={t.revoke}
            title={t.revokeTitle(apiKey.name)}
            onConfirm={() => revoke.mutate()}
          >
            {t.revokeWhat}
          </ConfirmButton>
        </>
      }
    >
      {edits && (
        <KeyForm
          keyBefore={apiKey}
          waiting={edit.isPending}
          problem={edit.error}
          onWish={wish => edit.mutate(wish)}
          onCancel={() => setEdits(false)}
        />
      )}
    </Entry>
  )
}

function OverKey({ apiKey }: { apiKey: Key }) {
  const t = useTexts(keysTexts)
  const format = useFormat()
  return (
    <Entry
      title={apiKey.name}
      facts={[
        powers(apiKey, t),
        apiKey.revokedAt
          ? t.revokedOn(format.date(apiKey.revokedAt))
          : apiKey.expiresAt && t.expiredOn(format.date(apiKey.expiresAt)),
      ]}
    />
  )
}

/** What it may do, in words. */
function powers(key: Key, t: KeysTexts): string {
  if (key.scopes.includes('admin')) return t.all
  return key.scopes.map(scope => t.scope[scope]?.[0] ?? scope).join(', ')
}
