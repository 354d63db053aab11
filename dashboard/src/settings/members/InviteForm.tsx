/** As what somebody is invited, and who it is. */
import { Radio, Stack, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useTexts } from '~/texts/texts'
import { Form } from '../Form'
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
    <Form
      label={t.makeLink}
      waiting={waiting}
      onSubmit={() => {
        onInvite({ role, note: note.trim() })
      }}
      onCancel={onCancel}
    >
      {() => (
        <>
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
        </>
      )}
    </Form>
  )
}
