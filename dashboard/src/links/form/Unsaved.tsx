/** Asks before a form is left with something in it that is not saved. */
import { Button, Group, Modal, Text } from '@mantine/core'
import { useBlocker } from '@tanstack/react-router'
import { useTexts } from '~/texts/texts'
import { formTexts } from './texts'

export function Unsaved({ when }: { when: boolean }) {
  const t = useTexts(formTexts)
  const blocker = useBlocker({
    shouldBlockFn: () => when,
    enableBeforeUnload: when,
    withResolver: true,
  })
  if (blocker.status !== 'blocked') return null
  return (
    <Modal
      opened
      onClose={blocker.reset}
      title={t.unsaved}
      size="sm"
      zIndex={400}
      closeButtonProps={{ 'aria-label': t.close }}
    >
      <Text mb="lg">{t.unsavedWhat}</Text>
      <Group justify="flex-end" gap="sm">
        <Button variant="default" onClick={blocker.proceed}>
          {t.leave}
        </Button>
        <Button onClick={blocker.reset} data-autofocus>
          {t.stay}
        </Button>
      </Group>
    </Modal>
  )
}
