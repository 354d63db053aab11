/** What if: the draft, or a change tried right here, against what is live, over real clicks. */
import { Alert, Button, Group, Paper, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import type { Schemas } from '~/api/client'
import { Problem } from '~/api/problem'
import { draftQuery, type Link, useLink } from '~/links/link'
import { Failed } from '~/parts/Failed'
import { useTexts } from '~/texts/texts'
import { Tests } from '~/try/Tests'
import { changeOf } from '~/try/tests'
import { searchOf } from '~/visitors/address'
import { Controls, PERIODS, USUAL_DAYS } from './Controls'
import { Found } from './Found'
import { OnVisitors } from './OnVisitors'
import { changeBy, isSame, type Plan, planOf } from './plan'
import { Running } from './Running'
import { type Period, type Trial, useReplay } from './replay'
import { Teach } from './Teach'
import { whatIfTexts } from './texts'
import { Ways } from './Ways'
import styles from './WhatIf.module.css'

type Draft = Schemas['Draft']

export default function WhatIfPage() {
  const { link, etag } = useLink()
  const { data: draft } = useQuery(draftQuery(link.id))
  if (draft === undefined) return null
  // What was tried of one revision means nothing to the next.
  return <WhatIf key={`${etag} ${!!draft}`} link={link} draft={draft} />
}

function WhatIf({ link, draft }: { link: Link; draft: Draft | null }) {
  const t = useTexts(whatIfTexts)
  const navigate = useNavigate()
  const search = useSearch({ strict: false }) as Record<string, string | undefined>
  const [changed, setChanged] = useState<Plan>(() => planOf(link))
  const tried: Plan = draft ? planOf(draft) : changed
  const hasChange = draft !== null || !isSame(changed, link)
  const trial: Trial | null = draft
    ? { draft: true, version: draft.version }
    : hasChange
      ? { change: changeBy(changed) }
      : null
  const period: Period = { days: daysIn(search.days), bots: search.bots === 'include' }
  const { replay, error, isRunning, isOld, progress, stop, run } = useReplay(link.id, trial, period)
  const set = (change: Record<string, string | undefined>) =>
    void navigate({ to: '.', search: { ...search, ...change }, replace: true })
  const change = draft ? changeOf(draft, link.rules) : changeBy(changed)
  const version = draft ? `draft ${draft.version}` : JSON.stringify(changed)

  return (
    <div className={styles.page}>
      <Controls
        link={link}
        draft={draft}
        hasChange={hasChange}
        replay={replay}
        period={period}
        set={set}
      />
      {!draft && (
        <Teach link={link} changed={changed} hasChange={hasChange} onChange={setChanged} />
      )}
      {trial && isRunning && <Running progress={progress} onStop={stop} />}
      {trial && !isRunning && !replay && !error && (
        <Group>
          <Text>{t.stopped}</Text>
          <Button size="compact-sm" variant="default" onClick={run}>
            {t.again}
          </Button>
        </Group>
      )}
      {error &&
        (error instanceof Problem && error.faults.length > 0 ? (
          <Alert color="red" role="alert" title={error.message}>
            {error.faults.map(({ at, detail }) => (
              <Text size="sm" key={at}>{`${at}: ${detail}`}</Text>
            ))}
          </Alert>
        ) : (
          <Failed error={error} retry={run} />
        ))}
      {trial && replay && !error && (
        <div
          className={isOld ? `${styles.page} ${styles.waiting}` : styles.page}
          aria-busy={isRunning}
        >
          {replay.clicks === 0 ? (
            <Paper withBorder p="lg" bg="var(--surface)" component="section">
              <Title order={2}>{t.noClicks}</Title>
              <Text c="dimmed" mb="sm">
                {t.noClicksWhat}
              </Text>
              <OnVisitors link={link} tried={tried} trial={trial} />
            </Paper>
          ) : (
            <Found
              link={link}
              tried={tried}
              replay={replay}
              hasDraft={draft !== null}
              view={search.view}
              onView={view => set({ view })}
            />
          )}
        </div>
      )}
      {hasChange && (
        <Tests
          link={link.id}
          against="draft"
          version={version}
          change={change}
          empty={t.testsNone}
          onPick={visitor =>
            void navigate({
              to: '/links/$link/try',
              params: { link: link.id },
              search: { ...searchOf(visitor), against: draft ? 'draft' : undefined },
            })
          }
        />
      )}
      {draft && <Ways link={link} draft={draft} replay={replay} version={version} />}
    </div>
  )
}

function daysIn(text: string | undefined): number {
  const days = Number(text)
  return PERIODS.includes(days) ? days : USUAL_DAYS
}
