/** What the rules' page asks in a dialog of its own, each fetched when it is asked. */
import { lazy, Suspense } from 'react'
import { notify, notifyProblem } from '~/shell/notices'
import { useTexts } from '~/texts/texts'
import type { Warning } from '../analysis'
import type { Asked } from '../deeds'
import { type Draft, saveDraft } from '../draft/draft'
import { planOf, type Rule, ruleAt } from '../plan'
import { revisionOf } from '../revision'
import { rulesTexts } from '../texts'

const PublishDialog = lazy(() => import('./PublishDialog'))
const StaleDialog = lazy(() => import('./StaleDialog'))
const CopyDialog = lazy(() => import('./CopyDialog'))
const PositionDialog = lazy(() => import('./PositionDialog'))

interface Props {
  asked: Asked
  draft: Draft
  warnings: readonly Warning[]
  nameOf: (rule: Rule) => string
  onMove: (key: string, index: number) => void
  onClose: () => void
}

export function Dialogs({ asked, draft, warnings, nameOf, onMove, onClose }: Props) {
  const t = useTexts(rulesTexts)
  const { link, plan } = draft
  const unpublish = async (revision: number) => {
    try {
      await saveDraft(link.id, planOf(await revisionOf(link.id, revision)))
      notify(t.backAsDraft(revision))
    } catch (error) {
      notifyProblem(error)
    }
  }
  const rule = asked.what === 'position' ? ruleAt(plan, asked.key) : undefined
  return (
    <Suspense fallback={null}>
      {asked.what === 'publish' && (
        <PublishDialog
          draft={draft}
          warnings={warnings}
          onClose={onClose}
          onUndo={revision => void unpublish(revision)}
        />
      )}
      {asked.what === 'stale' && draft.theirs && <StaleDialog draft={draft} onClose={onClose} />}
      {asked.what === 'copy' && (
        <CopyDialog from={link} rules={plan.rules} chosen={asked.keys} onClose={onClose} />
      )}
      {rule && (
        <PositionDialog
          name={nameOf(rule)}
          position={plan.rules.indexOf(rule) + 1}
          of={plan.rules.length}
          onMove={position => onMove(rule.key, position - 1)}
          onClose={onClose}
        />
      )}
    </Suspense>
  )
}
