/** Going through the table's rows by key, and what each key does to the row that is pointed at. */
import { useMatches, useNavigate } from '@tanstack/react-router'
import { type RefObject, useCallback, useEffect, useState } from 'react'
import { useActions } from '~/shell/actions'
import { announce } from '~/shell/announcer'
import { useTexts } from '~/texts/texts'
import type { Link } from './link'
import type { Selection } from './selection'
import { linksTexts } from './texts'
import { useLinkEdits } from './useLinkEdits'

interface Given {
  links: readonly Link[]
  selection: Selection
  frame: RefObject<HTMLElement | null>
  scrollTo: (index: number) => void
  qr: (link: Link) => void
}

export interface RowKeys {
  index: number
  point: (index: number) => void
}

export function useRowKeys({ links, selection, frame, scrollTo, qr }: Given): RowKeys {
  const t = useTexts(linksTexts)
  const navigate = useNavigate()
  const edits = useLinkEdits()
  const [index, point] = useState(-1)
  const [wantsFocus, setWantsFocus] = useState(false)
  // With a drawer over the table its keys are the drawer's.
  const isCovered = useMatches({ select: matches => matches.at(-1)?.pathname !== '/links' })

  const go = (step: number) => {
    const next = Math.min(Math.max(index + step, 0), links.length - 1)
    if (next < 0) return
    point(next)
    scrollTo(next)
    setWantsFocus(true)
  }
  useEffect(() => {
    if (!wantsFocus) return
    const row = frame.current?.querySelector<HTMLElement>(`[data-row="${index}"] a`)
    row?.focus({ preventScroll: true })
    if (row) setWantsFocus(false)
  })

  const link = links[index]
  const onRow = (run: (link: Link) => void) => () => {
    if (link) run(link)
  }
  const to = (path: '/links/$link/rules' | '/links/$link/stats') =>
    onRow(link => void navigate({ to: path, params: { link: link.id } }))
  const group = t.rows
  useActions(
    isCovered
      ? []
      : [
          { id: 'down', label: t.keyDown, keys: 'j', group, run: () => go(1) },
          { id: 'up', label: t.keyUp, keys: 'k', group, run: () => go(-1) },
          { id: 'down-arrow', label: t.keyDown, keys: 'ArrowDown', group, run: () => go(1) },
          { id: 'up-arrow', label: t.keyUp, keys: 'ArrowUp', group, run: () => go(-1) },
          {
            id: 'choose',
            label: t.keyChoose,
            keys: 'x',
            group,
            run: onRow(link => selection.toggle(link.id)),
          },
          { id: 'edit', label: t.edit, keys: 'e', group, run: onRow(edits.open) },
          { id: 'rules', label: t.page.rules, keys: 'r', group, run: to('/links/$link/rules') },
          {
            id: 'stats',
            label: t.page.statistics,
            keys: 's',
            group,
            run: to('/links/$link/stats'),
          },
          { id: 'qr', label: t.qr, keys: 'q', group, run: onRow(qr) },
          {
            id: 'copy',
            label: t.copyShort,
            keys: 'y',
            group,
            run: onRow(link => {
              void navigator.clipboard.writeText(link.shortUrl)
              announce(t.copied(link.shortUrl))
            }),
          },
          {
            id: 'archive',
            label: t.archive,
            keys: 'Delete',
            group,
            run: () => {
              const chosen = links.filter(({ id }) => selection.chosen.has(id))
              const those = 0 < chosen.length ? chosen : link ? [link] : []
              if (0 < those.length) edits.archive(those, true)
              selection.clear()
            },
          },
          ...(0 < selection.chosen.size
            ? [{ id: 'clear', label: t.clearChosen, keys: 'Escape', group, run: selection.clear }]
            : []),
        ],
  )
  return { index, point: useCallback((index: number) => point(index), []) }
}
