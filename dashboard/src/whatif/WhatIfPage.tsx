/** What if: the draft, or a change tried right here, against what is live, over real clicks. */
import {
  Alert,
  Button,
  Group,
  NativeSelect,
  Paper,
  SegmentedControl,
  Text,
  Title,
} from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link as To, useNavigate, useSearch } from '@tanstack/react-router'
import { lazy, Suspense, useState } from 'react'
import { api, got, type Schemas } from '~/api/client'
import { Problem } from '~/api/problem'
import { draftQuery, type Link, useLink } from '~/links/link'
import { Failed } from '~/parts/Failed'
import { notify, notifyProblem } from '~/shell/notices'
import { useFormat } from '~/texts/format'
import { useTexts } from '~/texts/texts'
import { Tests } from '~/try/Tests'
import { changeOf, runQuery, testsQuery } from '~/try/tests'
import { searchOf } from '~/visitors/address'
import { Found, useFinding } from './Found'
import { OnVisitors } from './OnVisitors'
import { changeBy, isSame, type Plan, planOf } from './plan'
import { QuickChange } from './QuickChange'
import { Running } from './Running'
import { type Period, type Replay, type Trial, useReplay } from './replay'
import { whatIfTexts } from './texts'
import styles from './WhatIf.module.css'

const Publish = lazy(() => import('./Publish'))

const PERIODS = [7, 30, 90, 365]
const USUAL_DAYS = 30

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

interface ControlsProps {
  link: Link
  draft: Draft | null
  hasChange: boolean
  replay: Replay | undefined
  period: Period
  set: (change: Record<string, string | undefined>) => void
}

function Controls({ link, draft, hasChange, replay, period, set }: ControlsProps) {
  const t = useTexts(whatIfTexts)
  const format = useFormat()
  const bots = Object.values(replay?.leftOut ?? {}).reduce((sum, n) => sum + n, 0)
  const title = draft
    ? t.titleDraft(link.revision)
    : hasChange
      ? t.titleChange(link.revision)
      : t.title
  return (
    <div className={styles.controls}>
      <div>
        <Title order={2}>{title}</Title>
        {replay && hasChange && (
          <Text size="sm" c="dimmed">
            {t.tookClicks(
              replay.clicks,
              format.number(replay.clicks),
              format.number(Math.max(Math.round(replay.milliseconds / 10) / 100, 0.01)),
            )}
            {bots > 0 && ` · ${t.leftOut(format.number(bots))}`}
          </Text>
        )}
      </div>
      {hasChange && (
        <Group gap="sm" align="end">
          <NativeSelect
            aria-label={t.period}
            size="xs"
            data={PERIODS.map(days => ({ value: String(days), label: t.days(days) }))}
            value={String(period.days)}
            onChange={event => {
              const { value } = event.currentTarget
              set({ days: value === String(USUAL_DAYS) ? undefined : value })
            }}
          />
          <SegmentedControl
            size="xs"
            aria-label={t.who}
            data={[
              { value: 'people', label: t.people },
              { value: 'include', label: t.withBots },
            ]}
            value={period.bots ? 'include' : 'people'}
            onChange={value => set({ bots: value === 'include' ? value : undefined })}
          />
        </Group>
      )}
    </div>
  )
}

interface TeachProps {
  link: Link
  changed: Plan
  hasChange: boolean
  onChange: (plan: Plan) => void
}

/** Without a draft: what one is, and a change to try at once. */
function Teach({ link, changed, hasChange, onChange }: TeachProps) {
  const t = useTexts(whatIfTexts)
  const queries = useQueryClient()
  const keep = async () => {
    const body = changeBy(changed) as Schemas['DraftChange']
    const path = { link: link.id }
    try {
      const draft = await got(api.PUT('/api/v1/links/{link}/draft', { params: { path }, body }))
      queries.setQueryData(draftQuery(link.id).queryKey, draft)
      notify(t.kept)
    } catch (error) {
      notifyProblem(error)
    }
  }
  return (
    <>
      {!hasChange && (
        <Paper withBorder p="lg" bg="var(--surface)" component="section">
          <Title order={2}>{t.teachTitle}</Title>
          <Text c="dimmed" my="sm" maw={680}>
            {t.teach}
          </Text>
          <Button
            renderRoot={props => (
              <To to="/links/$link/rules" params={{ link: link.id }} {...props} />
            )}
            variant="default"
            size="compact-md"
          >
            {t.teachRules}
          </Button>
        </Paper>
      )}
      <Paper withBorder p="lg" bg="var(--surface)" component="section">
        <Group justify="space-between" align="start" mb="sm">
          <div>
            <Title order={2}>{t.quickTitle}</Title>
            <Text c="dimmed">{t.quickWhat}</Text>
          </div>
          {hasChange && (
            <Group gap="sm">
              <Button size="compact-md" variant="default" onClick={() => onChange(planOf(link))}>
                {t.reset}
              </Button>
              <Button size="compact-md" onClick={() => void keep()}>
                {t.keep}
              </Button>
            </Group>
          )}
        </Group>
        <QuickChange plan={changed} onChange={onChange} />
      </Paper>
    </>
  )
}

interface WaysProps {
  link: Link
  draft: Draft
  replay: Replay | undefined
  version: string
}

/** Out of here: the draft goes live, or goes. */
function Ways({ link, draft, replay, version }: WaysProps) {
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
