/** All values of a dimension, to be searched. */
import { ActionIcon, Group, Modal, Skeleton, Text, TextInput, Tooltip } from '@mantine/core'
import { IconDownload, IconSearch } from '@tabler/icons-react'
import { useDeferredValue, useState } from 'react'
import { save } from '~/charts/picture'
import { csv, fileName } from '~/charts/table'
import { Failed } from '~/parts/Failed'
import { useFormat } from '~/texts/format'
import { useTexts } from '~/texts/texts'
import { useAnswer } from './answers'
import { useBoard } from './board'
import { useNames, written } from './names'
import { Rows } from './Rows'
import { entriesOf } from './rows'
import { statisticsTexts } from './texts'

/** As many as the API tells at once. */
const MOST = 1_000
/** As many as are drawn; the search finds the others. */
const DRAWN = 200

export default function AllValues({ by, onClose }: { by: string; onClose: () => void }) {
  const t = useTexts(statisticsTexts)
  const format = useFormat()
  const { file } = useBoard()
  const [words, setWords] = useState('')
  const asked = useDeferredValue(words.trim().toLowerCase())
  const answer = useAnswer('breakdown', { by, limit: String(MOST) }, { limitBefore: MOST })
  const values = answer.now?.rows.map(row => written(row.value)) ?? []
  const name = useNames(by, values.slice(0, DRAWN))
  const entries = answer.now
    ? entriesOf(answer.now.rows, answer.now.clicks, answer.before?.rows)
    : []
  const found = entries.filter(({ value }) => name(value).toLowerCase().includes(asked))
  const title = t.dimensions[by] ?? by
  return (
    <Modal
      opened
      onClose={onClose}
      title={title}
      size="lg"
      closeButtonProps={{ 'aria-label': t.close }}
    >
      <Group mb="sm" wrap="nowrap">
        <TextInput
          data-autofocus
          flex={1}
          aria-label={t.search}
          placeholder={t.search}
          leftSection={<IconSearch size={16} aria-hidden />}
          value={words}
          onChange={event => setWords(event.currentTarget.value)}
        />
        <Tooltip label="CSV">
          <ActionIcon
            variant="default"
            size={36}
            aria-label={`${title}: CSV`}
            onClick={() =>
              save(
                new Blob([
                  csv({
                    columns: [title, t.clicks, t.visitors],
                    rows: found.map(it => [name(it.value), it.clicks, it.visitors]),
                  }),
                ]),
                fileName([title, ...file], 'csv'),
              )
            }
          >
            <IconDownload size={16} />
          </ActionIcon>
        </Tooltip>
      </Group>
      {answer.error && <Failed error={answer.error} retry={answer.retry} />}
      {!answer.error && !answer.now && <Skeleton height={320} />}
      {answer.now && <Rows by={by} entries={found.slice(0, DRAWN)} name={name} />}
      {DRAWN < found.length && (
        <Text size="xs" c="dimmed" mt="sm">
          {t.onlyThese(format.number(DRAWN))}
        </Text>
      )}
    </Modal>
  )
}
