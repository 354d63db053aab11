/** The keys of the rules' page, which the palette offers too. */
import { useNavigate } from '@tanstack/react-router'
import { useActions } from '~/shell/actions'
import { announce } from '~/shell/announcer'
import { undoLatest } from '~/shell/notices'
import { useTexts } from '~/texts/texts'
import type { RuleDeeds } from './cards/RuleMenu'
import type { Draft } from './draft/draft'
import { rulesTexts } from './texts'

interface Page {
  draft: Draft
  /** The rule that keys are about: the one that has the focus or lies under the pointer. */
  current: string | undefined
  open: string | undefined
  deeds: RuleDeeds
  add: () => void
  publish: () => void
  close: (key: string) => void
}

export function useRuleKeys({ draft, current, open, deeds, add, publish, close }: Page) {
  const t = useTexts(rulesTexts)
  const navigate = useNavigate()
  const { link } = draft
  const keys = draft.plan.rules.map(({ key }) => key)
  const step = (by: number) => {
    if (!current || !keys.includes(current)) return
    deeds.moveTo(current, keys.indexOf(current) + by)
  }
  const withCurrent = (deed: (key: string) => void) => () => {
    if (current && keys.includes(current)) deed(current)
  }
  const group = t.rules
  useActions([
    { id: 'rule-new', label: t.newRule, keys: 'n', group, run: add },
    { id: 'rule-up', label: t.moveUp, keys: 'Alt+ArrowUp', group, run: () => step(-1) },
    { id: 'rule-down', label: t.moveDown, keys: 'Alt+ArrowDown', group, run: () => step(1) },
    {
      id: 'rule-duplicate',
      label: t.duplicate,
      keys: 'd',
      group,
      run: withCurrent(deeds.duplicate),
    },
    { id: 'rule-turn', label: t.turn, keys: 'o', group, run: withCurrent(deeds.turn) },
    {
      id: 'rule-try',
      label: t.tryIt,
      keys: 't',
      group,
      run: () => void navigate({ to: '/links/$link/try', params: { link: link.id } }),
    },
    {
      id: 'rule-what-if',
      label: t.whatIf,
      keys: 'w',
      group,
      run: () => void navigate({ to: '/links/$link/what-if', params: { link: link.id } }),
    },
    {
      id: 'draft-publish',
      label: t.publishRevision(draft.revision + 1),
      keys: 'Mod+s',
      group,
      run: publish,
    },
    {
      id: 'draft-undo',
      label: t.undo,
      keys: 'Mod+z',
      group,
      run: () => {
        if (draft.undo()) announce(t.undone)
        else undoLatest()
      },
    },
    {
      id: 'draft-redo',
      label: t.redo,
      keys: 'Mod+Shift+z',
      group,
      run: () => {
        if (draft.redo()) announce(t.redone)
      },
    },
    ...(open
      ? [{ id: 'rule-close', label: t.done, keys: 'Escape', group, run: () => close(open) }]
      : []),
  ])
}
