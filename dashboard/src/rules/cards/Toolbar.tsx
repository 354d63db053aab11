/** What stands above the cards: how the draft is kept, steps back and forth, and the way to publish. */
import { ActionIcon, Button, Menu, Tooltip } from '@mantine/core'
import {
  IconAlertTriangle,
  IconArrowBackUp,
  IconArrowForwardUp,
  IconCheck,
  IconCloudUp,
  IconDots,
} from '@tabler/icons-react'
import { useTexts } from '~/texts/texts'
import { type Draft, retry } from '../draft/draft'
import { rulesTexts } from '../texts'
import styles from './Toolbar.module.css'

interface Props {
  draft: Draft
  changes: number
  onPublish: () => void
  onWhatIf: () => void
  onDiscard: () => void
  onCopyAll: () => void
  onResolve: () => void
}

export function Toolbar(props: Props) {
  const { draft, changes } = props
  const t = useTexts(rulesTexts)
  return (
    <div className={styles.bar}>
      <Tooltip label={t.undo}>
        <ActionIcon
          variant="subtle"
          aria-label={t.undo}
          disabled={draft.past.length === 0}
          onClick={draft.undo}
        >
          <IconArrowBackUp size={18} />
        </ActionIcon>
      </Tooltip>
      <Tooltip label={t.redo}>
        <ActionIcon
          variant="subtle"
          aria-label={t.redo}
          disabled={draft.future.length === 0}
          onClick={draft.redo}
        >
          <IconArrowForwardUp size={18} />
        </ActionIcon>
      </Tooltip>
      <span className={styles.spacer} />
      <Keeping draft={draft} changes={changes} onResolve={props.onResolve} />
      <Button variant="default" disabled={!draft.changed} onClick={props.onWhatIf}>
        {t.whatIf}
      </Button>
      <Button disabled={!draft.changed} onClick={props.onPublish}>
        {t.publishRevision(draft.revision + 1)}
      </Button>
      <Menu position="bottom-end" withinPortal>
        <Menu.Target>
          <ActionIcon variant="subtle" color="gray" aria-label={t.moreOfDraft}>
            <IconDots size={18} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={props.onCopyAll}>{t.copyAllToLink}</Menu.Item>
          <Menu.Item
            color="red"
            disabled={!draft.changed && draft.version === null}
            onClick={props.onDiscard}
          >
            {t.discard}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {draft.keeping === 'failed' && (
        <Button size="compact-sm" variant="default" onClick={() => retry(draft.link.id)}>
          {t.retry}
        </Button>
      )}
    </div>
  )
}

function Keeping({
  draft,
  changes,
  onResolve,
}: {
  draft: Draft
  changes: number
  onResolve: () => void
}) {
  const t = useTexts(rulesTexts)
  const { keeping } = draft
  if (!draft.changed && keeping === 'saved') {
    return <span className={styles.keeping}>{t.noChanges}</span>
  }
  const icon =
    keeping === 'saved' ? (
      <IconCheck size={16} aria-hidden />
    ) : keeping === 'waiting' || keeping === 'sending' ? (
      <IconCloudUp size={16} aria-hidden />
    ) : (
      <IconAlertTriangle size={16} aria-hidden />
    )
  return (
    <span
      className={styles.keeping}
      data-keeping={keeping}
      title={keeping === 'failed' ? draft.problem?.message : t.keepingHint}
    >
      {icon}
      {t.draftOf(changes)} {t.keeping[keeping]}
      {keeping === 'stale' && (
        <Button size="compact-xs" variant="default" onClick={onResolve}>
          {t.compare}
        </Button>
      )}
    </span>
  )
}
