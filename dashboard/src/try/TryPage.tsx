/** Try it: describe a visitor, and see what they get and why while typing. */
import { Alert, Button, Group, Paper, SegmentedControl, Stack, Text, Title } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { lazy, Suspense, useEffect, useMemo, useRef, useState } from 'react'
import { Problem } from '~/api/problem'
import { draftQuery, useLink } from '~/links/link'
import { useVocabulary } from '~/rules/vocabulary'
import { useActions } from '~/shell/actions'
import { notify } from '~/shell/notices'
import { useTexts } from '~/texts/texts'
import { searchOf, visitorIn } from '~/visitors/address'
import { toAsk } from '~/visitors/asked'
import { useSavedVisitors } from '~/visitors/saved'
import { sentBy } from '~/visitors/sent'
import { VisitorForm } from '~/visitors/VisitorForm'
import { nobody, type Visitor, visitorOf, wireOf } from '~/visitors/visitor'
import { Answer } from './Answer'
import { decidedIn } from './decided'
import { type Against, clickQuery, explainQuery } from './explain'
import type { Explained } from './explained'
import { ClickBanner, Then } from './PastClick'
import { Path } from './Path'
import { Pickers } from './Pickers'
import { SaveTest } from './SaveTest'
import { Tests } from './Tests'
import styles from './TryPage.module.css'
import { changeOf } from './tests'
import { tryTexts } from './texts'

const Elsewhere = lazy(() => import('./Elsewhere'))

/** Typing is answered after this pause, and the address follows a little later. */
const PAUSE_MS = 120
const ADDRESS_MS = 400

export default function TryPage() {
  const t = useTexts(tryTexts)
  const { link, etag } = useLink()
  const search = useSearch({ strict: false })
  const draft = useQuery(draftQuery(link.id)).data ?? undefined
  const against: Against = search.against === 'draft' && draft ? 'draft' : 'live'
  const click = useQuery({ ...clickQuery(search.click ?? ''), enabled: !!search.click })
  const [visitor, setVisitor] = useVisitor(click.data?.visitor)
  const plan = against === 'draft' && draft ? draft : link
  const asked = useMemo(() => toAsk([plan]), [plan])
  const isSent = sentBy(useVocabulary())
  const wire = wireOf(visitor, asked, isSent)
  const [wireAsked] = useDebouncedValue(JSON.stringify(wire), PAUSE_MS)
  const version = against === 'draft' ? `draft ${draft?.version}` : etag
  const asking = useQuery(explainQuery(link.id, against, version, JSON.parse(wireAsked)))
  const explained = useLatest(asking.data)
  const problem = asking.error instanceof Problem ? asking.error : null
  const showsAll = search.show === 'all'
  const set = useSet()
  const [open, setOpen] = useState<'test' | 'json' | 'command' | null>(null)

  const copyLink = () => {
    const url = new URL(window.location.href)
    url.search = new URLSearchParams({ ...own(search), ...searchOf(visitor) }).toString()
    void navigator.clipboard.writeText(url.href).then(() => notify(t.linkCopied))
  }
  const showClick = (id: string) => set({ click: id, against: search.against, show: search.show })
  useActions([
    { id: 'try-copy', label: t.copyLink, group: t.visitor, run: copyLink },
    { id: 'try-test', label: t.saveTest, group: t.visitor, run: () => setOpen('test') },
    {
      id: 'try-all',
      label: showsAll ? t.decisive : t.everything,
      group: t.visitor,
      keys: 'a',
      run: () => set({ ...search, show: showsAll ? undefined : 'all' }),
    },
  ])

  return (
    <div className={styles.page}>
      {explained && (
        <p className={styles.peek} aria-hidden>
          {explained.goesTo ? `${t.goesTo} ` : t.goesNowhere}
          <b>{explained.goesTo?.replace(/^https?:\/\//, '')}</b>
        </p>
      )}
      <Paper
        withBorder
        p="lg"
        bg="var(--surface)"
        component="section"
        aria-label={t.visitor}
        className={styles.visitor}
        tabIndex={-1}
      >
        <Stack gap="md">
          <Title order={2}>{t.visitor}</Title>
          <Pickers link={link.id} visitor={visitor} onPick={setVisitor} onClick={showClick} />
          <VisitorForm visitor={visitor} onChange={setVisitor} asked={asked} problem={problem} />
        </Stack>
      </Paper>
      <div className={styles.results}>
        <div className={styles.bar}>
          {draft ? (
            <SegmentedControl
              size="xs"
              aria-label={t.against}
              data={[
                { value: 'live', label: t.live(link.revision) },
                { value: 'draft', label: t.draft },
              ]}
              value={against}
              onChange={next => set({ ...search, against: next === 'draft' ? next : undefined })}
            />
          ) : (
            <Text size="sm" c="dimmed">
              {search.against === 'draft' ? t.draftNone : t.live(link.revision)}
            </Text>
          )}
          <SegmentedControl
            size="xs"
            aria-label={t.show}
            data={[
              { value: 'decisive', label: t.decisive },
              { value: 'all', label: t.everything },
            ]}
            value={showsAll ? 'all' : 'decisive'}
            onChange={next => set({ ...search, show: next === 'all' ? next : undefined })}
          />
        </div>
        {click.data && (
          <ClickBanner
            click={click.data}
            moved={
              explained &&
              (decidedIn(plan, explained).destination ?? null) !==
                (click.data.then.destination ?? null)
            }
            isDraft={against === 'draft'}
            onLeave={() => set({ ...own(search), click: undefined, ...searchOf(visitor) })}
          />
        )}
        {click.isError && <Alert color="yellow">{t.clickGone}</Alert>}
        {problem && (
          <Alert color="red" title={t.wrong} role="alert">
            {problem.faults.length > 0
              ? problem.faults.map(({ at, detail }) => `${at}: ${detail}`).join('; ')
              : problem.message}
          </Alert>
        )}
        <div className={click.data ? styles.twice : undefined}>
          {click.data && <Then click={click.data} showsAll={showsAll} />}
          <Paper
            withBorder
            p="lg"
            bg="var(--surface)"
            component="section"
            aria-label={t.now}
            aria-busy={asking.isFetching}
            className={problem ? styles.waiting : undefined}
          >
            {click.data && (
              <Title order={2} mb="sm">
                {against === 'draft' ? t.draft : t.nowRevision(link.revision)}
              </Title>
            )}
            {explained ? (
              <Stack gap="md">
                <Answer explained={explained} weights={decidedIn(plan, explained).weights} />
                <Path
                  rules={explained.rules}
                  rule={explained.rule}
                  gates={explained.gates}
                  bot={explained.bot}
                  showsAll={showsAll}
                />
                {open === 'test' ? (
                  <SaveTest
                    link={link.id}
                    visitor={visitor}
                    wire={wire}
                    explained={explained}
                    onClose={() => setOpen(null)}
                  />
                ) : (
                  <Buttons onCopy={copyLink} onOpen={setOpen} />
                )}
              </Stack>
            ) : (
              <Text c="dimmed">{t.working}</Text>
            )}
          </Paper>
        </div>
        <Tests
          link={link.id}
          against={against}
          version={version}
          change={against === 'draft' && draft ? changeOf(draft, link.rules) : undefined}
          onPick={setVisitor}
          empty={t.testsNone}
        />
      </div>
      <Suspense fallback={null}>
        {(open === 'json' || open === 'command') && (
          <Elsewhere
            kind={open}
            link={link}
            wire={against === 'draft' ? { ...wire, draft: true } : wire}
            explained={explained}
            onClose={() => setOpen(null)}
          />
        )}
      </Suspense>
    </div>
  )
}

interface ButtonsProps {
  onCopy: () => void
  onOpen: (what: 'test' | 'json' | 'command') => void
}

function Buttons({ onCopy, onOpen }: ButtonsProps) {
  const t = useTexts(tryTexts)
  return (
    <Group gap="sm">
      <Button size="compact-sm" variant="light" onClick={() => onOpen('test')}>
        {t.saveTest}…
      </Button>
      <Button size="compact-sm" variant="default" onClick={onCopy}>
        {t.copyLink}
      </Button>
      <Button size="compact-sm" variant="default" onClick={() => onOpen('json')}>
        {t.json}
      </Button>
      <Button size="compact-sm" variant="default" onClick={() => onOpen('command')}>
        {t.commandLine}
      </Button>
    </Group>
  )
}

type Search = Record<string, string | undefined>

/** The page's own parameters, without the visitor. */
function own({ click, against, show }: Search): Record<string, string> {
  const kept = Object.entries({ click, against, show }).filter(([, value]) => value)
  return Object.fromEntries(kept) as Record<string, string>
}

/** Puts parameters in the place of all that there are. */
function useSet() {
  const navigate = useNavigate()
  return (search: Search) => void navigate({ to: '.', search, replace: true })
}

/** An explanation stays until there is another one: what is half typed takes nothing away. */
function useLatest(explained: Explained | undefined): Explained | undefined {
  const latest = useRef(explained)
  if (explained) latest.current = explained
  return latest.current
}

/** For the next link that somebody tries. */
let last: Visitor | undefined

/**
 * The visitor that is tried: the address's, a past click's, the last one, or the first of those that
 * are saved. The address follows what is typed.
 */
function useVisitor(kept: Record<string, unknown> | undefined) {
  const search = useSearch({ strict: false }) as Search
  const set = useSet()
  const { visitors } = useSavedVisitors()
  const inAddress = visitorIn(search)
  const ofClick = useMemo(() => (kept ? visitorOf({ visitor: kept }) : undefined), [kept])
  const [typed, setTyped] = useState<Visitor>()
  const written = useRef('')

  // An address that this page did not write itself is another case that somebody opened.
  const shown = JSON.stringify([inAddress, search.click])
  useEffect(() => {
    if (written.current !== shown) setTyped(undefined)
  }, [shown])
  // biome-ignore lint/correctness/useExhaustiveDependencies: only what is typed is written
  useEffect(() => {
    if (!typed) return
    last = typed
    const timer = setTimeout(() => {
      const next = { ...own({ ...search, click: undefined }), ...searchOf(typed) }
      written.current = JSON.stringify([visitorIn(next), undefined])
      set(next)
    }, ADDRESS_MS)
    return () => clearTimeout(timer)
  }, [typed])

  const visitor = typed ?? inAddress ?? ofClick ?? last ?? visitors[0]?.visitor ?? nobody
  return [visitor, setTyped] as const
}
