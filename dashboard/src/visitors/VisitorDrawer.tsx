/** Edits a saved visitor: a name, and everything that can be said of them. */
import { Button, Drawer, Group, Stack, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useTexts } from '~/texts/texts'
import type { SavedVisitor } from './saved'
import { visitorsTexts } from './texts'
import { VisitorForm } from './VisitorForm'
import { isDescribed } from './visitor'

interface Props {
  saved: SavedVisitor
  onSave: (saved: SavedVisitor) => void
  onClose: () => void
}

export default function VisitorDrawer({ saved, onSave, onClose }: Props) {
  const t = useTexts(visitorsTexts)
  const [name, setName] = useState(saved.name)
  const [visitor, setVisitor] = useState(saved.visitor)
  const [missing, setMissing] = useState(false)
  const said = isDescribed(saved.visitor) ? Object.keys(saved.visitor.facts) : []
  return (
    <Drawer
      opened
      onClose={onClose}
      title={saved.name ? t.editTitle(saved.name) : t.newTitle}
      closeButtonProps={{ 'aria-label': t.close }}
      size="md"
    >
      <form
        onSubmit={event => {
          event.preventDefault()
          if (!name.trim()) return setMissing(true)
          onSave({ ...saved, name: name.trim(), visitor })
        }}
      >
        <Stack gap="md">
          <TextInput
            data-autofocus
            label={t.name}
            placeholder={t.nameHint}
            value={name}
            error={missing && !name.trim() ? t.nameMissing : undefined}
            onChange={event => setName(event.currentTarget.value)}
          />
          {/* Nobody's rules say here what matters: what was said stands first, all else behind it. */}
          <VisitorForm
            visitor={visitor}
            onChange={setVisitor}
            asked={said.length > 0 ? said : undefined}
            about={null}
            hasMoment={false}
          />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {t.cancel}
            </Button>
            <Button type="submit">{t.save}</Button>
          </Group>
        </Stack>
      </form>
    </Drawer>
  )
}
