/** Hours of the week as a grid, in the place of the condition that it was opened from. */
import { Button, Group, Modal } from '@mantine/core'
import { useState } from 'react'
import { useTexts } from '~/texts/texts'
import { inputTexts } from '../inputs/texts'
import { WeekInput } from '../inputs/WeekInput'
import { ZoneInput } from '../inputs/WordInputs'
import { EMPTY_WEEK, weekOf, whenOf } from '../schedule'
import { rulesTexts } from '../texts'
import { type Place, partAt, replaced } from '../tree'
import { useSpeaker } from '../vocabulary'
import { useBuilding } from './context'

export default function WeekDialog({ at, onClose }: { at: Place; onClose: () => void }) {
  const { when, edit } = useBuilding()
  const t = useTexts(rulesTexts)
  const i = useTexts(inputTexts)
  const speaker = useSpeaker()
  const before = weekOf(partAt(when, at)!)
  const [week, setWeek] = useState(before?.week ?? EMPTY_WEEK)
  const [zone, setZone] = useState(before?.timezone)
  const made = whenOf(week, zone)
  return (
    <Modal
      opened
      onClose={onClose}
      size="auto"
      title={t.asWeek}
      closeButtonProps={{ 'aria-label': t.close }}
    >
      <WeekInput week={week} onChange={setWeek} />
      <Group mt="md" gap="sm" align="center">
        <ZoneInput
          label={i.zone}
          many={false}
          values={zone ? [zone] : []}
          onChange={([zone]) => setZone(zone)}
        />
        {!zone && i.zoneVisitor}
      </Group>
      <p>{made ? speaker.who(made) : t.weekAnyTime}</p>
      <Group justify="flex-end" gap="sm">
        <Button variant="default" onClick={onClose}>
          {t.cancel}
        </Button>
        <Button
          disabled={!made}
          onClick={() => {
            if (made) edit(replaced(when, at, made))
            onClose()
          }}
        >
          {t.apply}
        </Button>
      </Group>
    </Modal>
  )
}
