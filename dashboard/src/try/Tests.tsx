/** A link's tests with their state: of what is live, or of the draft. */
import { ActionIcon, Anchor, Group, Paper, Text, Title, Tooltip } from '@mantine/core'
import { IconTrash } from '@tabler/icons-react'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { notify, notifyProblem } from '~/shell/notices'
import { useTexts } from '~/texts/texts'
import { type Visitor, visitorOf } from '~/visitors/visitor'
import type { Against } from './explain'
import { MarkOf } from './Marks'
import styles from './Tests.module.css'
import { addTest, type Change, type LinkTest, removeTest, runQuery, testsQuery } from './tests'
import { tryTexts } from './texts'

interface Props {
  link: string
  against: Against
  /** The version of what is tested, so that a save runs them again. */
  version: string
  /** What is tested in the place of what is live. */
  change?: Change
  /** Shows a test's visitor. */
  onPick: (visitor: Visitor) => void
  /** How one is made, where there is none. */
  empty: string
}

export function Tests({ link, against, version, change, onPick, empty }: Props) {
  const t = useTexts(tryTexts)
  const queries = useQueryClient()
  const { data: tests } = useQuery(testsQuery(link))
  const { data: run } = useQuery({
    ...runQuery(link, against, `${version} ${tests?.data.map(({ id }) => id)}`, change),
    enabled: (tests?.data.length ?? 0) > 0,
  })
  const changed = () => queries.invalidateQueries({ queryKey: testsQuery(link).queryKey })
  const remove = async (test: LinkTest) => {
    const { name, expect, visitor, ip, headers, url, at } = test
    try {
      await removeTest(link, test.id)
      await changed()
      notify(t.testRemoved(name), {
        undo: () =>
          void addTest(link, { name, expect, visitor, ip, headers, url, at }).then(
            changed,
            notifyProblem,
          ),
      })
    } catch (error) {
      notifyProblem(error)
    }
  }
  if (!tests) return null
  return (
    <Paper withBorder p="lg" bg="var(--surface)" component="section" aria-label={t.tests}>
      <Group justify="space-between">
        <Title order={2}>{t.tests}</Title>
        {run && tests.data.length > 0 && (
          <Text size="sm" c={run.failed > 0 ? 'var(--bad)' : 'var(--yes)'}>
            {t.testsPass(run.passed, run.passed + run.failed)}
          </Text>
        )}
      </Group>
      {tests.data.length === 0 && <Text c="dimmed">{empty}</Text>}
      <ul className={styles.tests}>
        {tests.data.map(test => {
          const ran = run?.data.find(({ id }) => id === test.id)
          return (
            <li key={test.id} className={styles.test}>
              {ran && (
                <MarkOf
                  mark={ran.passed ? 'true' : 'failed'}
                  words={ran.passed ? t.passes : t.fails}
                />
              )}
              <div className={styles.what}>
                <Anchor
                  component="button"
                  type="button"
                  title={t.pickTest(test.name)}
                  onClick={() => onPick(visitorOf(test))}
                >
                  {test.name}
                </Anchor>{' '}
                <Text span size="sm" c="dimmed">
                  {wanted(test, t.mustGet, t.mustNoRule)}
                </Text>
                {ran && !ran.passed && (
                  <Text size="sm" c="var(--bad)">
                    {ran.misses.join('; ')}
                  </Text>
                )}
              </div>
              <Tooltip label={t.removeTest(test.name)}>
                <ActionIcon
                  variant="subtle"
                  color="gray"
                  aria-label={t.removeTest(test.name)}
                  onClick={() => void remove(test)}
                >
                  <IconTrash size={16} />
                </ActionIcon>
              </Tooltip>
            </li>
          )
        })}
      </ul>
    </Paper>
  )
}

function wanted({ expect }: LinkTest, must: string, noRule: string): string {
  const rule = expect.rule === null ? noRule : expect.rule
  return [must, [expect.destination, rule, expect.status].filter(Boolean).join(', ')].join(' ')
}
