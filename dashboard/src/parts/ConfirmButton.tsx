/** A button for what cannot be taken back: it asks first, in a sentence that says what goes. */
import { Button, type ButtonProps, Group, Modal, Stack, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import type { ReactNode } from 'react'
import { useTexts } from '~/texts/texts'
import { partsTexts } from './texts'

interface Props extends ButtonProps {
  /** The question: "Revoke the key “CI”?" */
  title: string
  /** What happens then, and what stays. */
  children: ReactNode
  /** What the button says, here and in the question. */
  label: string
  onConfirm: () => void
}

export function ConfirmButton({ title, children, label, onConfirm, ...button }: Props) {
  const t = useTexts(partsTexts)
  const [asks, { open, close }] = useDisclosure()
  return (
    <>
      <Button variant="default" size="compact-sm" {...button} onClick={open}>
        {label}
      </Button>
      <Modal
        opened={asks}
        onClose={close}
        title={title}
        closeButtonProps={{ 'aria-label': t.cancel }}
      >
        <Stack>
          <Text>{children}</Text>
          <Group justify="flex-end">
            <Button variant="default" onClick={close} data-autofocus>
              {t.cancel}
            </Button>
            <Button
              color="red"
              onClick={() => {
                close()
                onConfirm()
              }}
            >
              {label}
            </Button>
          </Group>
        </Stack>
      </Modal>
    </>
  )
}
