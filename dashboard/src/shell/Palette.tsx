/** Ctrl+K: a link, a page or an action by a few letters; a pasted address is shortened. */
import { Group, Modal, Text, TextInput, UnstyledButton } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { type RefObject, useState } from 'react'
import { api, got } from '~/api/client'
import { isAddress } from '~/parts/address'
import { useViews, viewId } from '~/statistics/views'
import { useTexts } from '~/texts/texts'
import { clickQuery } from '~/try/explain'
import { type Action, useOffered } from './actions'
import { Keys } from './KeySheet'
import styles from './Palette.module.css'
import { TypeAhead } from './TypeAhead'
import { shellTexts } from './texts'

const PER_GROUP = 5
/** What clicks are called: segment and place, both in hexadecimal digits. */
const CLICK = /^clk_[0-9a-f]{32}_[0-9a-f]+$/

interface Props {
  /** What was typed before it was there. */
  typed: RefObject<string>
  onClose: () => void
}

export default function Palette({ typed, onClose }: Props) {
  const t = useTexts(shellTexts)
  const navigate = useNavigate()
  const offered = useOffered()
  const [words, setWords] = useState('')
  const [isReady, setReady] = useState(false)
  const [chosen, setChosen] = useState(0)
  const [asked] = useDebouncedValue(words.trim(), 120)

  const links = useQuery({
    queryKey: ['links', 'palette', asked],
    queryFn: ({ signal }) =>
      got(
        api.GET('/api/v1/links', {
          params: { query: { search: asked, limit: PER_GROUP } },
          signal,
        }),
      ),
    enabled: asked !== '' && !isAddress(asked) && !CLICK.test(asked),
    placeholderData: keepPreviousData,
  })

  const click = useQuery({ ...clickQuery(asked), enabled: CLICK.test(asked) }).data
  const { views } = useViews()

  const entries: Action[] = []
  if (isAddress(words.trim())) {
    const destination = words.trim()
    entries.push({
      id: 'shorten',
      label: t.shorten(destination),
      group: t.actions,
      run: () => navigate({ to: '/links/new', search: { destination } }),
    })
  } else if (words.trim()) {
    for (const link of links.data?.data ?? []) {
      entries.push({
        id: link.id,
        label: link.title ? `${link.slug} · ${link.title}` : link.slug,
        group: t.links,
        run: () => navigate({ to: '/links/$link/rules', params: { link: link.id } }),
      })
    }
  }
  if (click && CLICK.test(words.trim())) {
    entries.push({
      id: click.id,
      label: t.explainClick(click.id),
      group: t.actions,
      run: () =>
        navigate({
          to: '/links/$link/try',
          params: { link: click.link },
          search: { click: click.id },
        }),
    })
  }
  // On the statistics' own pages a view stays with what they are about.
  const elsewhere = views
    .filter(({ name }) => !offered.some(({ id }) => id === viewId(name)))
    .map(({ name, search }) => ({
      id: viewId(name),
      label: name,
      group: t.statistics,
      run: () => navigate({ to: '/stats', search }),
    }))
  const seen = new Map<string, number>()
  for (const action of [...offered, ...elsewhere]) {
    const count = seen.get(action.group) ?? 0
    if (action.id === 'palette' || action.id === 'search') continue
    // What has two keys is one thing to do.
    if (entries.some(({ label, group }) => label === action.label && group === action.group))
      continue
    if (!fits(action, words) || PER_GROUP <= count) continue
    seen.set(action.group, count + 1)
    entries.push(action)
  }
  const current = Math.min(chosen, Math.max(entries.length - 1, 0))

  const run = (action: Action | undefined) => {
    if (!action) return
    onClose()
    action.run()
  }

  return (
    <Modal.Root opened onClose={onClose} size="lg" yOffset="12vh" centered={false}>
      {!isReady && <TypeAhead words={typed} />}
      <Modal.Overlay />
      <Modal.Content aria-label={t.palette}>
        <Modal.Body>
          <TextInput
            data-autofocus
            aria-label={t.palette}
            placeholder={t.paletteHint}
            value={words}
            role="combobox"
            aria-expanded
            aria-controls="palette-entries"
            aria-activedescendant={entries[current] ? `palette-${current}` : undefined}
            onFocus={() => {
              if (!isReady) setWords(typed.current)
              setReady(true)
            }}
            onChange={event => {
              setWords(event.currentTarget.value)
              setChosen(0)
            }}
            onKeyDown={event => {
              const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
              if (step) {
                event.preventDefault()
                setChosen((current + step + entries.length) % Math.max(entries.length, 1))
              } else if (event.key === 'Enter') {
                event.preventDefault()
                run(entries[current])
              }
            }}
          />
          <div
            id="palette-entries"
            role="listbox"
            aria-label={t.palette}
            className={styles.entries}
          >
            {entries.map((action, index) => (
              <UnstyledButton
                key={action.id}
                id={`palette-${index}`}
                role="option"
                tabIndex={-1}
                aria-selected={index === current}
                className={styles.entry}
                onClick={() => run(action)}
              >
                <Group justify="space-between" wrap="nowrap">
                  <span className={styles.label}>
                    {action.label}
                    <Text span c="dimmed" size="xs" ml="sm">
                      {action.group}
                    </Text>
                  </span>
                  {action.keys && <Keys keys={action.keys} />}
                </Group>
              </UnstyledButton>
            ))}
          </div>
          {entries.length === 0 && <Text c="dimmed">{t.nothingFound(words)}</Text>}
        </Modal.Body>
      </Modal.Content>
    </Modal.Root>
  )
}

function fits(action: Action, words: string): boolean {
  const text = `${action.label} ${action.group} ${action.words ?? ''}`.toLowerCase()
  return words
    .toLowerCase()
    .split(/\s+/)
    .every(word => text.includes(word))
}
