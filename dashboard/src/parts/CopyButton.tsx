/** Copies a text and ticks in place. */
import { ActionIcon } from '@mantine/core'
import { useClipboard } from '@mantine/hooks'
import { IconCheck, IconCopy } from '@tabler/icons-react'
import { announce } from '~/shell/announcer'
import { useTexts } from '~/texts/texts'
import { partsTexts } from './texts'

export function CopyButton({ value, label }: { value: string; label?: string }) {
  const t = useTexts(partsTexts)
  const clipboard = useClipboard({ timeout: 2000 })
  const text = clipboard.copied ? t.copied : (label ?? t.copy)
  return (
    <ActionIcon
      variant="subtle"
      title={text}
      aria-label={text}
      onClick={() => {
        clipboard.copy(value)
        announce(t.copied)
      }}
    >
      {clipboard.copied ? <IconCheck size={16} /> : <IconCopy size={16} />}
    </ActionIcon>
  )
}
