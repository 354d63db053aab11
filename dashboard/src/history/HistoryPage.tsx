/** The revisions of a link: who published what and when, what any two differ in, and the way back. */
import { Badge, Button, Group, NativeSelect, Paper, Stack, Text, Title } from '@mantine/core'
import { useQuery, useSuspenseInfiniteQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { draftQuery, useLink } from '~/links/link'
import { differenceOf, sizeOf } from '~/rules/difference'
import { discardSaved, saveDraft } from '~/rules/draft/draft'
import { flush } from '~/rules/draft/sending'
import { type Plan, planOf } from '~/rules/plan'
import { Changes } from '~/rules/publish/Changes'
import { type Revision, revisionOf, revisionsQuery } from '~/rules/revision'
import { announce } from '~/shell/announcer'
import { notify, notifyProblem } from '~/shell/notices'
import { useFormat } from '~/texts/format'
import { useTexts } from '~/texts/texts'
import styles from './HistoryPage.module.css'
import { historyTexts } from './texts'

/** What stands in an address and a list for the draft, which has no number. */
const DRAFT = 'draft'
/** Before the first revision, when there was nothing. */
const NOTHING = '0'

export default function HistoryPage() {
  const t = useTexts(historyTexts)
  const format = useFormat()
  const navigate = useNavigate()
  const { from, to } = useSearch({ strict: false })
  const { link } = useLink()
  const { data: draft } = useQuery(draftQuery(link.id))
  const { data, hasNextPage, fetchNextPage, isFetchingNextPage } = useSuspenseInfiniteQuery(
    revisionsQuery(link.id),
  )
  const revisions = data.pages.flatMap(page => page.data)
  const [newest] = revisions
  const later = to ?? (draft ? DRAFT : String(newest?.number ?? 1))
  const earlier =
    from ?? (later === DRAFT ? String(link.revision) : String(Math.max(0, Number(later) - 1)))

  const choose = (from: string, to: string) =>
    void navigate({ to: '.', search: { from, to }, replace: true })
  const options = [
    ...(draft ? [{ value: DRAFT, label: t.draft }] : []),
    ...revisions.map(({ number, createdAt }) => ({
      value: String(number),
      label: `${t.revision(number)}, ${format.time(createdAt)}`,
    })),
    ...(hasNextPage ? [] : [{ value: NOTHING, label: t.nothing }]),
  ]
  const name = (which: string) =>
    which === DRAFT ? t.draft : which === NOTHING ? t.nothing : t.revision(Number(which))

  const restore = async (revision: Revision) => {
    try {
      await flush(link.id)
      const before = draft ? planOf(draft) : undefined
      await saveDraft(link.id, planOf(revision))
      const text = t.restored(revision.number)
      announce(text)
      choose(String(link.revision), DRAFT)
      notify(text, {
        undo: () => {
          const back = before ? saveDraft(link.id, before) : discardSaved(link.id)
          Promise.resolve(back).catch(notifyProblem)
        },
      })
    } catch (error) {
      notifyProblem(error)
    }
  }

  return (
    <div className={styles.page}>
      <section aria-labelledby="revisions">
        <Title order={2} id="revisions" mb={4}>
          {t.history}
        </Title>
        <Text c="dimmed" size="sm" mb="sm">
          {t.about}
        </Text>
        <ol className={styles.revisions}>
          {revisions.map((revision, index) => {
            const before = revisions[index + 1]
            return (
              <Entry
                key={revision.number}
                revision={revision}
                before={before && planOf(before)}
                isLive={revision.number === link.revision}
                isShown={later === String(revision.number)}
                onShow={() =>
                  choose(String(before?.number ?? revision.number - 1), String(revision.number))
                }
                onRestore={() => void restore(revision)}
              />
            )
          })}
        </ol>
        {hasNextPage && (
          <Button
            variant="default"
            mt="sm"
            loading={isFetchingNextPage}
            onClick={() => void fetchNextPage()}
          >
            {t.older}
          </Button>
        )}
      </section>
      <section aria-labelledby="comparison">
        <Title order={2} id="comparison" mb="sm">
          {t.comparing(name(earlier), name(later))}
        </Title>
        <Group gap="sm" mb="md" align="flex-end">
          <NativeSelect
            label={t.from}
            value={earlier}
            data={options}
            onChange={event => choose(event.currentTarget.value, later)}
          />
          <NativeSelect
            label={t.to}
            value={later}
            data={options}
            onChange={event => choose(earlier, event.currentTarget.value)}
          />
          {later === DRAFT && (
            <Button
              variant="default"
              onClick={() => void navigate({ to: '/links/$link/rules', params: { link: link.id } })}
            >
              {t.toRules}
            </Button>
          )}
        </Group>
        <Comparison
          link={link.id}
          from={earlier}
          to={later}
          draft={draft ? planOf(draft) : undefined}
          known={revisions}
        />
      </section>
    </div>
  )
}

interface EntryProps {
  revision: Revision
  before: Plan | undefined
  isLive: boolean
  isShown: boolean
  onShow: () => void
  onRestore: () => void
}

function Entry({ revision, before, isLive, isShown, onShow, onRestore }: EntryProps) {
  const t = useTexts(historyTexts)
  const format = useFormat()
  const { number, author, createdAt, note } = revision
  return (
    <li>
      <Paper withBorder p="sm" bg="var(--surface)" className={styles.revision} data-shown={isShown}>
        <Group justify="space-between" wrap="nowrap" align="flex-start">
          <Stack gap={2}>
            <Group gap="xs">
              <strong>{t.revision(number)}</strong>
              {isLive && (
                <Badge variant="light" tt="none" className={styles.live}>
                  {t.live}
                </Badge>
              )}
              <Text size="sm" title={format.time(createdAt)}>
                {format.relative(createdAt)} {t.by(author)}
              </Text>
            </Group>
            <Text size="sm" c="dimmed">
              {format.time(createdAt)} · {t.rules(revision.rules.length)} ·{' '}
              {before
                ? t.changes(sizeOf(differenceOf(before, planOf(revision))))
                : number === 1
                  ? t.first
                  : ''}
            </Text>
            {note && <Text size="sm">“{note}”</Text>}
          </Stack>
        </Group>
        <Group gap="xs" mt="xs">
          <Button size="compact-sm" variant="default" aria-pressed={isShown} onClick={onShow}>
            {t.show(number)}
          </Button>
          {!isLive && (
            <Button size="compact-sm" variant="default" onClick={onRestore}>
              {t.restoreOf(number)}
            </Button>
          )}
        </Group>
      </Paper>
    </li>
  )
}

interface ComparisonProps {
  link: string
  from: string
  to: string
  draft: Plan | undefined
  known: readonly Revision[]
}

function Comparison({ link, from, to, draft, known }: ComparisonProps) {
  const [earlier, later] = [usePlan(link, from, draft, known), usePlan(link, to, draft, known)]
  return earlier && later ? <Changes from={earlier} to={later} /> : null
}

const EMPTY: Plan = { destination: '', defaultSplit: null, rules: [] }

/** The plan of a revision of the list, or of one that an address names and the list has not reached. */
function usePlan(
  link: string,
  which: string,
  draft: Plan | undefined,
  known: readonly Revision[],
): Plan | undefined {
  const listed = known.find(({ number }) => String(number) === which)
  const { data } = useQuery({
    queryKey: ['link', link, 'revision', Number(which)],
    queryFn: () => revisionOf(link, Number(which)),
    enabled: which !== NOTHING && !listed && /^\d+$/.test(which),
  })
  if (which === DRAFT) return draft
  if (which === NOTHING) return EMPTY
  const found = listed ?? data
  return found && planOf(found)
}
