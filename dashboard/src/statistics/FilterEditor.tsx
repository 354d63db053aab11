/** Makes or changes one filter: what, is or is not, and which values, with how many clicks each has. */
import { Button, Group, MultiSelect, SegmentedControl, Select, Stack } from '@mantine/core'
import { useState } from 'react'
import { useFormat } from '~/texts/format'
import { useTexts } from '~/texts/texts'
import { useAnswer } from './answers'
import { BoardProvider, useBoard } from './board'
import { DIMENSIONS, GROUPS } from './dimensions'
import { useNames, written } from './names'
import { type Filter, replace } from './question'
import { statisticsTexts } from './texts'

interface Props {
  filter: Filter | null
  onClose: () => void
}

export default function FilterEditor({ filter, onClose }: Props) {
  const t = useTexts(statisticsTexts)
  const board = useBoard()
  const { question, change, link } = board
  // What is in the address by now, which the next change takes the place of.
  const [placed, setPlaced] = useState(filter)
  const [draft, setDraft] = useState<Filter>(filter ?? { by: 'country', values: [], not: false })
  // Values are suggested as though this filter were not there: it would hide all others.
  const without = placed ? replace(question, placed, { ...placed, values: [] }) : question

  const edit = (next: Filter) => {
    setDraft(next)
    if (!next.values.length && !placed) return
    change(replace(question, placed, next))
    setPlaced(next.values.length ? next : null)
  }

  const names = Object.keys(DIMENSIONS).filter(
    by => !(link && ['link', 'tag', 'domain', 'folder'].includes(by)),
  )
  return (
    <Stack gap="sm" w={300} maw="calc(100vw - 64px)">
      <Select
        label={t.filterBy}
        searchable
        data-autofocus
        allowDeselect={false}
        comboboxProps={{ withinPortal: false }}
        data={GROUPS.map(group => ({
          group: t.groups[group],
          items: names
            .filter(by => DIMENSIONS[by]?.group === group)
            .map(by => ({ value: by, label: t.dimensions[by] ?? by })),
        }))}
        value={draft.by}
        onChange={by => by && by !== draft.by && edit({ ...draft, by, values: [] })}
      />
      <SegmentedControl
        aria-label={t.isNot}
        data={[
          { value: 'is', label: t.is },
          { value: 'not', label: t.isNot },
        ]}
        value={draft.not ? 'not' : 'is'}
        onChange={value => edit({ ...draft, not: value === 'not' })}
      />
      <BoardProvider value={{ ...board, question: without }}>
        <Values draft={draft} edit={edit} />
      </BoardProvider>
      <Group justify="flex-end">
        <Button size="sm" onClick={onClose}>
          {t.done}
        </Button>
      </Group>
    </Stack>
  )
}

function Values({ draft, edit }: { draft: Filter; edit: (filter: Filter) => void }) {
  const t = useTexts(statisticsTexts)
  const format = useFormat()
  const [words, setWords] = useState('')
  const answer = useAnswer('breakdown', { by: draft.by, limit: '200' }, { compared: false })
  const rows = answer.now?.rows ?? []
  const seen = rows.map(row => written(row.value))
  const name = useNames(draft.by, [...draft.values, ...seen.slice(0, 50)])
  const clicks = new Map(rows.map(row => [written(row.value), row.clicks]))
  const typed = words.trim()
  const kind = DIMENSIONS[draft.by]?.kind
  const isNew =
    typed !== '' &&
    (kind === 'text' || kind === 'region' || kind === 'language') &&
    !seen.some(value => name(value).toLowerCase() === typed.toLowerCase())
  const others = draft.values.filter(value => !clicks.has(value))
  const data = [
    ...[...seen, ...others].map(value => ({ value, label: name(value) })),
    ...(isNew ? [{ value: typed, label: t.neverSeen(typed) }] : []),
  ].filter((item, place, all) => all.findIndex(it => it.value === item.value) === place)
  return (
    <MultiSelect
      label={t.values}
      placeholder={draft.values.length ? undefined : t.anyValue}
      searchable
      clearable
      hidePickedOptions
      comboboxProps={{ withinPortal: false }}
      maxDropdownHeight={240}
      limit={100}
      searchValue={words}
      onSearchChange={setWords}
      data={data}
      value={draft.values}
      onChange={values => edit({ ...draft, values })}
      renderOption={({ option }) => (
        <Group justify="space-between" flex={1} wrap="nowrap" gap="sm">
          <span>{option.label}</span>
          <span>{clicks.has(option.value) && format.number(clicks.get(option.value) ?? 0)}</span>
        </Group>
      )}
    />
  )
}
