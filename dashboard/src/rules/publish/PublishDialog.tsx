/** Before a draft goes live: what it changes, what is to be known of it, and whether the tests pass. */
import { Alert, Button, Group, Modal, Stack, Text, Title } from '@mantine/core'
import { IconAlertTriangle, IconCheck, IconHelp, IconX } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { api, got, type Schemas } from '~/api/client'
import { Problem } from '~/api/problem'
import { announce } from '~/shell/announcer'
import { notify } from '~/shell/notices'
import { useFormat } from '~/texts/format'
import { useTexts } from '~/texts/texts'
import type { Warning } from '../analysis'
import { type Draft, publish } from '../draft/draft'
import { wireOf } from '../draft/state'
import { rulesTexts } from '../texts'
import { sentenceOfWarning } from '../warnings'
import { Changes } from './Changes'
import { Diverged } from './Diverged'
import styles from './publish.module.css'

interface Props {
  draft: Draft
  warnings: readonly Warning[]
  onClose: () => void
  onUndo: (revision: number) => void
}

export default function PublishDialog({ draft, warnings, onClose, onUndo }: Props) {
  const t = useTexts(rulesTexts)
  const { link } = draft
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<Error>()
  const tests = useTests(draft)
  const failing = tests.data?.failed ?? 0
  const diverged = draft.base !== draft.revision

  const go = async (force: boolean) => {
    setBusy(true)
    setProblem(undefined)
    try {
      const before = draft.revision
      const published = await publish(link.id, force)
      const text = t.published(published.revision)
      notify(text, { undo: () => onUndo(before) })
      announce(text)
      onClose()
    } catch (error) {
      setProblem(error instanceof Error ? error : new Error(String(error)))
    } finally {
      setBusy(false)
    }
  }
  const refused = problem instanceof Problem && problem.status === 409

  return (
    <Modal
      opened
      onClose={onClose}
      size="xl"
      title={t.publishTitle(draft.revision + 1)}
      closeButtonProps={{ 'aria-label': t.close }}
    >
      <Stack gap="lg">
        {diverged && <Diverged draft={draft} onClose={onClose} />}
        <section>
          <Title order={3} mb="xs">
            {t.whatChanges}
          </Title>
          <Changes from={draft.live} to={draft.plan} />
        </section>
        <section>
          <Title order={3} mb="xs">
            {t.checks}
          </Title>
          <ul className={styles.checks}>
            {warnings.map(warning => (
              <li key={warning.kind + warning.at} data-state="maybe">
                <IconAlertTriangle size={16} aria-hidden /> {sentenceOfWarning(warning, t)}
              </li>
            ))}
            {warnings.length === 0 && (
              <li data-state="yes">
                <IconCheck size={16} aria-hidden /> {t.noWarnings}
              </li>
            )}
            <Tests tests={tests.data} />
            <WhatIf draft={draft} />
          </ul>
        </section>
        {problem && (
          <Alert color="red" role="alert" title={t.notPublished}>
            {problem.message}
          </Alert>
        )}
        <Group justify="flex-end" gap="sm">
          <Button variant="default" onClick={onClose}>
            {t.cancel}
          </Button>
          <Button
            data-autofocus
            loading={busy}
            color={refused || 0 < failing ? 'red' : undefined}
            onClick={() => go(refused || diverged || 0 < failing)}
          >
            {refused || diverged || 0 < failing
              ? t.publishNevertheless(draft.revision + 1)
              : t.publishNow(draft.revision + 1)}
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}

/** The link's tests, run against the draft. */
function useTests(draft: Draft) {
  const body = JSON.stringify(wireOf(draft))
  return useQuery({
    queryKey: ['tests', draft.link.id, body],
    queryFn: ({ signal }) =>
      got(
        api.POST('/api/v1/links/{link}/tests/run', {
          params: { path: { link: draft.link.id } },
          body: JSON.parse(body) as Schemas['LinkChange'],
          signal,
        }),
      ),
    retry: false,
  })
}

function Tests({ tests }: { tests: Schemas['LinkTestRun'] | undefined }) {
  const t = useTexts(rulesTexts)
  if (!tests) return null
  if (tests.data.length === 0) {
    return (
      <li data-state="maybe">
        <IconHelp size={16} aria-hidden /> {t.noTests}
      </li>
    )
  }
  return (
    <>
      <li data-state={tests.failed === 0 ? 'yes' : 'no'}>
        {tests.failed === 0 ? <IconCheck size={16} aria-hidden /> : <IconX size={16} aria-hidden />}
        {t.testsPassed(tests.passed, tests.data.length)}
      </li>
      {tests.data
        .filter(({ passed }) => !passed)
        .map(test => (
          <li key={test.id} data-state="no">
            <IconX size={16} aria-hidden /> {test.name}
            <Text span c="dimmed" size="sm">
              {t.testGets(test.goesTo ?? String(test.status ?? ''))}
            </Text>
          </li>
        ))}
    </>
  )
}

/** How many past clicks would have gone elsewhere, in one line; the What if page has the rest. */
function WhatIf({ draft }: { draft: Draft }) {
  const t = useTexts(rulesTexts)
  const format = useFormat()
  const body = JSON.stringify({ ...wireOf(draft), samples: 0 })
  const { data } = useQuery({
    queryKey: ['replay', draft.link.id, body],
    queryFn: ({ signal }) =>
      got(
        api.POST('/api/v1/links/{link}/replay', {
          params: { path: { link: draft.link.id } },
          body: JSON.parse(body) as Schemas['ReplayRequest'],
          signal,
        }),
      ),
    retry: false,
  })
  const counts = data as Partial<Schemas['Replay']> | undefined
  if (counts?.clicks === undefined || counts.changed === undefined) return null
  return (
    <li data-state={counts.changed === 0 ? 'yes' : 'maybe'}>
      {counts.changed === 0 ? (
        <IconCheck size={16} aria-hidden />
      ) : (
        <IconHelp size={16} aria-hidden />
      )}
      {t.wouldChange(
        format.number(counts.changed),
        format.number(counts.clicks),
        counts.unknown ? format.number(counts.unknown) : undefined,
      )}
    </li>
  )
}
