/** Out of here: the draft goes live, or goes. */
import { Button, Group } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { lazy, Suspense, useState } from 'react'
import { api, got, type Schemas } from '~/api/client'
import { draftQuery, type Link } from '~/links/link'
import { notify, notifyProblem } from '~/shell/notices'
import { useTexts } from '~/texts/texts'
import { changeOf, runQuery, testsQuery } from '~/try/tests'
import { useFinding } from './Found'
import type { Replay } from './replay'
import { whatIfTexts } from './texts'

const Publish = lazy(() => import('./Publish'))

type Draft = Schemas['Draft']

interface Props {
  link: Link
  draft: Draft
  replay: Replay | undefined
  version: string
}

export function Ways({ link, draft, replay, version }: Props) {
  const t = useTexts(whatIfTexts)
  const queries = useQueryClient()
  const [publishes, setPublishes] = useState(false)
  const finding = useFinding(replay ?? NOTHING)
  const { data: tests } = useQuery(testsQuery(link.id))
  const run = useQuery({
    ...runQuery(
      link.id,
      'draft',
      `${version} ${tests?.data.map(({ id }) => id)}`,
      changeOf(draft, link.rules),
    ),
    enabled: (tests?.data.length ?? 0) > 0,
  })
  const path = { link: link.id }
  const { queryKey } = draftQuery(link.id)
  const undo = async () => {
    const { base } = draft
    const body = { ...changeOf(draft, link.rules), base } as Schemas['DraftChange']
    queries.setQueryData(
      queryKey,
      await got(api.PUT('/api/v1/links/{link}/draft', { params: { path }, body })),
    )
  }
  const throwAway = async () => {
    try {
      await got(api.DELETE('/api/v1/links/{link}/draft', { params: { path } }))
      queries.setQueryData(queryKey, null)
      notify(t.thrownAway, { undo: () => void undo().catch(notifyProblem) })
    } catch (error) {
      notifyProblem(error)
    }
  }
  return (
    <Group justify="space-between">
      <Button variant="default" onClick={() => void throwAway()}>
        {t.throwAway}
      </Button>
      <Button onClick={() => setPublishes(true)}>{t.publish(link.revision + 1)}</Button>
      <Suspense fallback={null}>
        {publishes && (
          <Publish
            link={link}
            draft={draft}
            finding={replay && finding}
            tests={run.data}
            onClose={() => setPublishes(false)}
          />
        )}
      </Suspense>
    </Group>
  )
}

const NOTHING = { clicks: 0, changed: 0 } as Replay
