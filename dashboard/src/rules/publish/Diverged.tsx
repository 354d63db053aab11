/** The link was published by somebody else since this draft was begun: both changes side by side. */
import { Button, Group, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { api, got } from '~/api/client'
import { useTexts } from '~/texts/texts'
import { merged } from '../difference'
import { type Draft, rebase } from '../draft/draft'
import { planOf } from '../plan'
import { rulesTexts } from '../texts'
import { Changes } from './Changes'
import styles from './publish.module.css'

export function Diverged({ draft, onClose }: { draft: Draft; onClose: () => void }) {
  const t = useTexts(rulesTexts)
  const { link, base, revision, live, plan } = draft
  const { data } = useQuery({
    queryKey: ['link', link.id, 'revision', base],
    queryFn: ({ signal }) =>
      got(
        api.GET('/api/v1/links/{link}/revisions/{revision}', {
          params: { path: { link: link.id, revision: String(base) } },
          signal,
        }),
      ),
    staleTime: Number.POSITIVE_INFINITY,
  })
  if (!data) return null
  const start = planOf(data)
  const both = merged(start, plan, live)
  return (
    <section className={styles.conflict} aria-labelledby="diverged">
      <Title order={3} id="diverged" mb="sm">
        {t.diverged(base, revision)}
      </Title>
      <div className={styles.two}>
        <section>
          <Title order={4}>{t.theirChanges(revision)}</Title>
          <Changes from={start} to={live} />
        </section>
        <section>
          <Title order={4}>{t.yourChanges}</Title>
          <Changes from={start} to={plan} />
        </section>
      </div>
      <Group gap="sm" mt="md">
        {both ? (
          <Button size="compact-md" onClick={() => rebase(link.id, both)}>
            {t.haveBoth}
          </Button>
        ) : (
          <Text size="sm">{t.cannotMerge}</Text>
        )}
        <Button
          size="compact-md"
          variant="default"
          onClick={() => {
            rebase(link.id, live)
            onClose()
          }}
        >
          {t.takeTheirs}
        </Button>
      </Group>
    </section>
  )
}
