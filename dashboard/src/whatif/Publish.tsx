/** Makes the draft live: with what it changes and what its tests say, and a way back. */
import { Alert, Button, Group, Modal, Stack, Text } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { api, got, type Schemas } from '~/api/client'
import { Problem } from '~/api/problem'
import { type Link, useLink } from '~/links/link'
import { notify, notifyProblem } from '~/shell/notices'
import { useTexts } from '~/texts/texts'
import { whatIfTexts } from './texts'

interface Props {
  link: Link
  draft: Schemas['Draft']
  /** What the replay found, in a sentence. */
  finding: string | undefined
  tests: Schemas['LinkTestRun'] | undefined
  onClose: () => void
}

export default function Publish({ link, draft, finding, tests, onClose }: Props) {
  const t = useTexts(whatIfTexts)
  const queries = useQueryClient()
  const { refresh } = useLink()
  const [problem, setProblem] = useState<Problem>()
  const [busy, setBusy] = useState(false)
  const path = { link: link.id }

  const back = async () => {
    const restore = { ...path, revision: String(link.revision) as never }
    await got(
      api.POST('/api/v1/links/{link}/revisions/{revision}/restore', { params: { path: restore } }),
    )
    await refresh()
  }
  const publish = async (force: boolean) => {
    setBusy(true)
    try {
      const query = force ? { force } : {}
      const live = await got(
        api.POST('/api/v1/links/{link}/draft/publish', { params: { path, query } }),
      )
      queries.setQueryData(['link', link.id, 'draft'], null)
      await refresh()
      notify(t.published(live.revision), { undo: () => void back().catch(notifyProblem) })
      onClose()
    } catch (error) {
      if (!(error instanceof Problem)) throw error
      setProblem(error)
    } finally {
      setBusy(false)
    }
  }
  const failed = tests?.failed ?? 0
  const all = failed + (tests?.passed ?? 0)
  return (
    <Modal
      opened
      onClose={onClose}
      title={t.publishTitle(link.revision + 1)}
      closeButtonProps={{ 'aria-label': t.close }}
    >
      <Stack gap="md">
        <Text>
          {finding} {t.publishWhat(link.shortUrl.replace(/^https?:\/\//, ''))}
        </Text>
        <Text c={failed > 0 ? 'var(--bad)' : undefined}>
          {all > 0 ? t.testsBreak(failed, all) : t.noTests}
        </Text>
        {draft.base !== link.revision && (
          <Alert color="yellow">{t.diverged(draft.base, link.revision)}</Alert>
        )}
        {problem && (
          <Alert color="red" role="alert" title={problem.message}>
            {problem.faults.map(({ at, detail }) => (
              <Text size="sm" key={at}>
                {detail}
              </Text>
            ))}
          </Alert>
        )}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t.cancel}
          </Button>
          {problem?.status === 409 ? (
            <Button color="red" loading={busy} onClick={() => void publish(true)}>
              {t.publishAnyway}
            </Button>
          ) : (
            <Button data-autofocus loading={busy} onClick={() => void publish(false)}>
              {t.publishNow}
            </Button>
          )}
        </Group>
      </Stack>
    </Modal>
  )
}
