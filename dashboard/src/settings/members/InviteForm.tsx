/** As what somebody is invited, and who it is. */
import { Button, Group, Radio, Stack, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useTexts } from '~/texts/texts'
import { membersTexts } from './texts'

interface Props {
  waiting: boolean
  onInvite: (invitation: { role: string; note: string }) => void
  onCancel: () => void
}

export function InviteForm({ waiting, onInvite, onCancel }: Props) {
  const t = useTexts(membersTexts)
  const [role, setRole] = useState('editor')
  const [note, setNote] = useState('')
  return (
    <form
      onSubmit={event => {
        event.preventDefault()
        onInvite({ role, note: note.trim() })
      }}
    >
      <Stack>
        <TextInput
          label={t.note}
          description={t.noteWhat}
          autoFocus
          maw={420}
          value={note}
          onChange={event => setNote(event.currentTarget.value)}
        />
        <Radio.Group label={t.role} value={role} onChange={setRole}>
          <Stack gap="sm" mt="xs">
            {Object.entries(t.roles).map(([value, label]) => (
              <Radio key={value} value={value} label={label} description={t.rolesWhat[value]} />
            ))}
          </Stack>
        </Radio.Group>
        <Group>
          <Button type="submit" loading={waiting}>
            {t.makeLink}
          </Button>
          <Button variant="default" onClick={onCancel}>
            {t.cancel}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
