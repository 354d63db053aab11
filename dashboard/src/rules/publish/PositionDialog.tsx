/** Moves a rule to a place by its number: for long lists, and for whoever does not drag. */
import { Button, Group, Modal, NumberInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { useTexts } from '~/texts/texts'
import { rulesTexts } from '../texts'

interface Props {
  name: string
  position: number
  of: number
  onMove: (position: number) => void
  onClose: () => void
}

export default function PositionDialog({ name, position, of, onMove, onClose }: Props) {
  const t = useTexts(rulesTexts)
  const [to, setTo] = useState<number | string>(position)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    onClose()
    if (to !== '') onMove(Number(to))
  }
  return (
    <Modal
      opened
      onClose={onClose}
      title={t.moveOf(name)}
      closeButtonProps={{ 'aria-label': t.close }}
    >
      <form onSubmit={submit}>
        <NumberInput
          data-autofocus
          label={t.toPosition(of)}
          min={1}
          max={of}
          value={to}
          onChange={setTo}
        />
        <Group justify="flex-end" mt="md">
          <Button type="submit">{t.move}</Button>
        </Group>
      </form>
    </Modal>
  )
}
