/** The workspace's domains: added, checked, changed, removed. */
import { Badge, Button, Group, TextInput } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { aboutQuery } from '~/api/about'
import { api, got } from '~/api/client'
import { may, useMe } from '~/api/me'
import { Problem } from '~/api/problem'
import { ConfirmButton } from '~/parts/ConfirmButton'
import { Loaded } from '~/parts/Loaded'
import { PageTitle } from '~/parts/PageTitle'
import { useTexts } from '~/texts/texts'
import { useChange } from '../change'
import { Entries, Entry } from '../Entries'
import { Section } from '../Section'
import { settingsTexts } from '../texts'
import { DomainCheck } from './DomainCheck'
import { DomainForm } from './DomainForm'
import { type Domain, domainsQuery } from './domains'
import { domainsTexts } from './texts'

const DOMAINS = ['domains']

export default function DomainsPage() {
  const t = useTexts(domainsTexts)
  const me = useMe()
  const [adds, setAdds] = useState(false)
  const domains = useQuery(domainsQuery)
  return (
    <>
      <PageTitle title={t.title} about={t.about}>
        {may(me, 'domains:write') && (
          <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setAdds(true)}>
            {t.add}
          </Button>
        )}
      </PageTitle>
      {adds && <AddDomain onDone={() => setAdds(false)} />}
      <Section title={t.title}>
        <Loaded query={domains}>
          {all => (
            <Entries label={t.title}>
              {all.map(domain => (
                <DomainEntry key={domain.id} domain={domain} />
              ))}
            </Entries>
          )}
        </Loaded>
      </Section>
    </>
  )
}

function AddDomain({ onDone }: { onDone: () => void }) {
  const t = useTexts(domainsTexts)
  const [host, setHost] = useState('')
  const add = useChange({
    change: () => got(api.POST('/api/v1/domains', { body: { host: host.trim() } })),
    stale: DOMAINS,
    quiet: true,
    done: domain => t.added(domain.host),
    onSuccess: onDone,
  })
  const problem = add.error instanceof Problem ? add.error : undefined
  return (
    <Section title={t.add}>
      <form
        onSubmit={event => {
          event.preventDefault()
          add.mutate()
        }}
      >
        <Group align="flex-end">
          <TextInput
            label={t.host}
            description={t.hostWhat}
            placeholder="go.example.com"
            required
            withAsterisk={false}
            autoFocus
            flex="1 1 280px"
            maw={420}
            autoCapitalize="none"
            spellCheck={false}
            value={host}
            error={problem && (problem.fault('host') ?? problem.message)}
            onChange={event => setHost(event.currentTarget.value)}
          />
          <Button type="submit" loading={add.isPending}>
            {t.adds}
          </Button>
          <Button variant="default" onClick={onDone}>
            {t.cancel}
          </Button>
        </Group>
      </form>
    </Section>
  )
}

function DomainEntry({ domain }: { domain: Domain }) {
  const t = useTexts(domainsTexts)
  const s = useTexts(settingsTexts)
  const me = useMe()
  const navigate = useNavigate()
  const { domain: open, check } = useSearch({ strict: false })
  const main = useQuery(aboutQuery).data?.defaultDomain === domain.host
  // What is open stands in the address, so that it can be sent to somebody.
  const go = (search: { domain?: string; check?: string }) =>
    navigate({ to: '/settings/domains', search, resetScroll: false })
  const edits = open === domain.host
  const checks = check === domain.host
  const remove = useChange({
    change: () =>
      got(api.DELETE('/api/v1/domains/{domain}', { params: { path: { domain: domain.id } } })),
    stale: DOMAINS,
    done: () => t.removed(domain.host),
  })
  return (
    <Entry
      title={
        <>
          <span className="address">{domain.host}</span>
          {main && (
            <Badge variant="default" size="sm" tt="none">
              {t.main}
            </Badge>
          )}
        </>
      }
      facts={[
        t.slugKinds[domain.slugs],
        domain.timezone,
        domain.rootUrl && <span className="address">/ → {domain.rootUrl}</span>,
      ]}
      actions={
        <>
          <Button
            size="compact-sm"
            variant="default"
            aria-expanded={checks}
            aria-label={t.checkOf(domain.host)}
            onClick={() => go(checks ? {} : { check: domain.host })}
          >
            {t.check}
          </Button>
          {may(me, 'domains:write') && (
            <>
              <Button
                size="compact-sm"
                variant="default"
                aria-expanded={edits}
                aria-label={`${s.edit}: ${domain.host}`}
                onClick={() => go(edits ? {} : { domain: domain.host })}
              >
                {s.edit}
              </Button>
              {!main && (
                <ConfirmButton
                  label={t.remove}
                  title={t.removeTitle(domain.host)}
                  onConfirm={() => remove.mutate()}
                >
                  {t.removeWhat}
                </ConfirmButton>
              )}
            </>
          )}
        </>
      }
    >
      {checks && <DomainCheck domain={domain} />}
      {edits && <DomainForm key={domain.updatedAt} domain={domain} onDone={() => go({})} />}
    </Entry>
  )
}
