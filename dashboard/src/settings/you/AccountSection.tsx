/** Who one is here. */
import { Button, Group, TextInput } from '@mantine/core'
import { useState } from 'react'
import { api, got } from '~/api/client'
import type { Me } from '~/api/me'
import { may } from '~/api/me'
import { useTexts } from '~/texts/texts'
import { useChange } from '../change'
import { Entries, Entry } from '../Entries'
import { Section } from '../Section'
import { settingsTexts } from '../texts'
import { youTexts } from './texts'

export function AccountSection({ me }: { me: Me }) {
  const t = useTexts(youTexts)
  const s = useTexts(settingsTexts)
  const [renames, setRenames] = useState(false)
  const [name, setName] = useState(me.name)
  const rename = useChange({
    change: (name: string) =>
      got(
        api.PATCH('/api/v1/members/{member}', {
          params: { path: { member: me.id ?? '' } },
          body: { name },
        }),
      ),
    stale: ['me'],
    done: member => t.renamed(member.name),
    undo: () => () => rename.mutate(me.name),
    onSuccess: () => setRenames(false),
  })
  return (
    <Section title={t.account}>
      <Entries label={t.account}>
        <Entry
          title={me.name}
          facts={[me.email, me.role && (t.roles[me.role] ?? me.role), me.workspace]}
          actions={
            // Names are a matter of owners, as e-mail addresses and roles are.
            may(me, 'admin') && (
              <Button
                size="compact-sm"
                variant="default"
                aria-expanded={renames}
                onClick={() => setRenames(!renames)}
              >
                {t.rename}
              </Button>
            )
          }
        >
          {renames && (
            <form
              onSubmit={event => {
                event.preventDefault()
                rename.mutate(name.trim())
              }}
            >
              <Group align="flex-end" mt="sm">
                <TextInput
                  label={t.newName}
                  required
                  withAsterisk={false}
                  autoFocus
                  value={name}
                  onChange={event => setName(event.currentTarget.value)}
                />
                <Button type="submit" loading={rename.isPending}>
                  {s.save}
                </Button>
              </Group>
            </form>
          )}
        </Entry>
      </Entries>
    </Section>
  )
}
