/** Asks before a page is left on which something was changed and not saved. */
import { Button, Group, Modal, Text } from '@mantine/core'
import { useBlocker } from '@tanstack/react-router'
import { useTexts } from '~/texts/texts'
import { settingsTexts } from './texts'

export function Unsaved({ when }: { when: boolean }) {
  const t = useTexts(settingsTexts)
  const { status, proceed, reset } = useBlocker({
    shouldBlockFn: () => when,
    enableBeforeUnload: when,
    withResolver: true,
  })
  return (
    <Modal
      opened={status === 'blocked'}
      onClose={() => reset?.()}
      title={t.unsaved}
      closeButtonProps={{ 'aria-label': t.stay }}
    >
      <Text mb="lg">{t.unsavedWhat}</Text>
      <Group justify="flex-end">
        <Button variant="default" onClick={() => reset?.()} data-autofocus>
          {t.stay}
        </Button>
        <Button color="red" onClick={() => proceed?.()}>
          {t.leave}
        </Button>
      </Group>
    </Modal>
  )
}
