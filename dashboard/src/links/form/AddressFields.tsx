/** A link's short address: its domain and its slug, which is checked while it is typed. */
import { Chip, Group, Loader, NativeSelect, Text, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { IconAlertTriangle, IconCheck } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { checkSlug } from '~/api/destinations'
import { useTexts } from '~/texts/texts'
import { domainsQuery } from '../list'
import styles from './form.module.css'
import { formTexts } from './texts'
import type { LinkForm } from './useLinkForm'

export function AddressFields({ form }: { form: LinkForm }) {
  const t = useTexts(formTexts)
  const { values, set, fault, link } = form
  const domains = useQuery(domainsQuery)
  const hosts = domains.data?.map(({ host }) => host) ?? []
  const slug = values.slug.trim()
  const [asked] = useDebouncedValue(slug, 250)
  const isOwn = link?.slug === slug
  const check = useQuery({
    queryKey: ['slug', values.domain, asked],
    queryFn: ({ signal }) => checkSlug(values.domain, asked, signal),
    enabled: asked !== '' && !isOwn,
    staleTime: 5_000,
    retry: false,
  })
  const answer = asked === slug && slug !== '' && !isOwn ? check.data : null
  const isBad = answer != null && answer.state !== 'free'

  return (
    <div>
      <div className={styles.shortAddress}>
        <NativeSelect
          label={t.domain}
          value={values.domain || hosts[0]}
          data={hosts.length === 0 ? [values.domain] : hosts}
          onChange={event => set('domain', event.currentTarget.value)}
          disabled={link !== undefined}
          error={fault('domain')}
        />
        <TextInput
          id="link-slug"
          label={t.slug}
          placeholder={t.slugHint}
          autoComplete="off"
          spellCheck={false}
          value={values.slug}
          onChange={event => set('slug', event.currentTarget.value)}
          error={
            fault('slug') ?? (isBad ? (answer.detail ?? t.slugStates[answer.state]) : undefined)
          }
          rightSection={
            check.isFetching ? (
              <Loader size={16} role="img" aria-label={t.looking} />
            ) : answer?.state === 'free' ? (
              <IconCheck size={16} color="var(--yes)" aria-hidden />
            ) : isBad ? (
              <IconAlertTriangle size={16} color="var(--bad)" aria-hidden />
            ) : null
          }
          classNames={{ input: styles.address }}
        />
      </div>
      <Text size="xs" c="dimmed" mt={4} role="status">
        {answer?.state === 'free' ? t.slugStates.free : ''}
        {link && !isOwn && slug !== '' && ` ${t.slugMoves}`}
      </Text>
      {isBad && 0 < answer.proposals.length && (
        <Group gap="sm" mt={4}>
          <Text size="xs" c="dimmed">
            {t.freeAre}
          </Text>
          {answer.proposals.slice(0, 3).map(proposal => (
            <Chip key={proposal} size="xs" checked={false} onClick={() => set('slug', proposal)}>
              {proposal}
            </Chip>
          ))}
        </Group>
      )}
    </div>
  )
}
