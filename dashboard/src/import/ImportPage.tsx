/** Links from a file: tried first, with every problem by its line, then imported. */
import {
  Button,
  FileButton,
  Group,
  NativeSelect,
  Paper,
  Progress,
  Stack,
  Text,
  Textarea,
} from '@mantine/core'
import { IconUpload } from '@tabler/icons-react'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link as To } from '@tanstack/react-router'
import { useRef, useState } from 'react'
import { refreshLinks } from '~/links/edits'
import { domainsQuery } from '~/links/list'
import { Failed } from '~/parts/Failed'
import { PageTitle } from '~/parts/PageTitle'
import { announce } from '~/shell/announcer'
import { useFormat } from '~/texts/format'
import { useTexts } from '~/texts/texts'
import styles from './ImportPage.module.css'
import { type Choices, type Existing, importLines, tryImport } from './import'
import { Result } from './Result'
import { importTexts } from './texts'

const POLICIES: Existing[] = ['skip', 'update', 'fail']

export default function ImportPage() {
  const t = useTexts(importTexts)
  const format = useFormat()
  const queries = useQueryClient()
  const domains = useQuery(domainsQuery)
  const [file, setFile] = useState('')
  const [name, setName] = useState('')
  const [choices, setChoices] = useState<Choices>({ existing: 'skip', domain: '' })
  const [done, setDone] = useState<[number, number]>([0, 1])
  const stopper = useRef(new AbortController())
  const text = useRef<HTMLTextAreaElement>(null)

  const tried = useMutation({
    mutationFn: () => tryImport(file, choices),
    onSuccess: outcome => announce(t.found(outcome.created + outcome.updated, outcome.failed)),
  })
  const imported = useMutation({
    mutationFn: () => {
      stopper.current = new AbortController()
      setDone([0, 1])
      return importLines(file, choices, (n, of) => setDone([n, of]), stopper.current.signal)
    },
    onSuccess: outcome => announce(t.imported(outcome.created + outcome.updated, outcome.failed)),
    onSettled: () => refreshLinks(queries),
  })
  // What was said of another text or by another policy holds no more.
  const change =
    <T,>(set: (value: T) => void) =>
    (value: T) => {
      set(value)
      tried.reset()
      imported.reset()
    }
  const setText = change(setFile)
  const choose = change(setChoices)
  const take = async (chosen: File | null) => {
    if (!chosen) return
    setText(await chosen.text())
    setName(chosen.name)
  }
  const ready = (tried.data?.created ?? 0) + (tried.data?.updated ?? 0)

  return (
    <>
      <PageTitle title={t.title} about={t.about} />
      <Stack gap="lg" maw={960}>
        <Paper
          withBorder
          p="lg"
          bg="var(--surface)"
          onDragOver={event => event.preventDefault()}
          onDrop={event => {
            event.preventDefault()
            void take(event.dataTransfer.files[0] ?? null)
          }}
        >
          <Stack gap="md">
            <Group gap="sm">
              <FileButton onChange={file => void take(file)} accept=".csv,.tsv,.txt,text/csv">
                {props => (
                  <Button
                    {...props}
                    variant="default"
                    leftSection={<IconUpload size={16} aria-hidden />}
                  >
                    {t.choose}
                  </Button>
                )}
              </FileButton>
              <Text size="sm" c="dimmed">
                {name || t.orDrop}
              </Text>
            </Group>
            <Textarea
              ref={text}
              label={t.paste}
              placeholder={
                'slug,destination,title,tags\nspring,https://example.com/spring,Spring,"mail,social"'
              }
              minRows={6}
              maxRows={16}
              autosize
              spellCheck={false}
              value={file}
              onChange={event => {
                setText(event.currentTarget.value)
                setName('')
              }}
              classNames={{ input: styles.table }}
            />
            <div className={styles.choices}>
              <NativeSelect
                label={t.existing}
                value={choices.existing}
                onChange={event =>
                  choose({ ...choices, existing: event.currentTarget.value as Existing })
                }
                data={POLICIES.map(policy => ({ value: policy, label: t.policies[policy] }))}
              />
              {1 < (domains.data?.length ?? 0) && (
                <NativeSelect
                  label={t.domain}
                  value={choices.domain}
                  onChange={event => choose({ ...choices, domain: event.currentTarget.value })}
                  data={domains.data?.map(({ host }) => host)}
                />
              )}
            </div>
            <Group gap="sm">
              <Button
                variant={tried.data ? 'default' : 'filled'}
                disabled={!file.trim() || imported.isPending}
                loading={tried.isPending}
                onClick={() => tried.mutate()}
              >
                {t.try}
              </Button>
              {tried.data && !imported.data && (
                <Button
                  disabled={ready === 0}
                  loading={imported.isPending}
                  onClick={() => imported.mutate()}
                >
                  {t.importThem(ready, format.number(ready))}
                </Button>
              )}
              {imported.isPending && (
                <Button variant="subtle" onClick={() => stopper.current.abort()}>
                  {t.stop}
                </Button>
              )}
              <Text size="sm" c="dimmed">
                {!tried.data && t.nothingYet}
              </Text>
            </Group>
            {imported.isPending && (
              <div>
                <Progress value={(done[0] / done[1]) * 100} aria-label={t.progress} />
                <Text size="xs" c="dimmed" mt={4}>
                  {t.linesDone(format.number(done[0]), format.number(done[1]))}
                </Text>
              </div>
            )}
          </Stack>
        </Paper>
        {tried.error && <Failed error={tried.error} />}
        {imported.error && <Failed error={imported.error} retry={() => imported.mutate()} />}
        {(imported.data ?? tried.data) && (
          <Result
            outcome={(imported.data ?? tried.data)!}
            file={file}
            toLine={line => point(text.current, line)}
          />
        )}
        {imported.data && (
          <Group>
            <Button component={To} to="/links">
              {t.toLinks}
            </Button>
          </Group>
        )}
      </Stack>
    </>
  )
}

/** Chooses a line in the text, so that what is wrong is at hand. */
function point(field: HTMLTextAreaElement | null, line: number) {
  if (!field) return
  const lines = field.value.split('\n')
  const from = lines.slice(0, line - 1).reduce((sum, text) => sum + text.length + 1, 0)
  field.focus()
  field.setSelectionRange(from, from + (lines[line - 1]?.length ?? 0))
  field.scrollTop = (field.scrollHeight / Math.max(lines.length, 1)) * Math.max(line - 3, 0)
}
