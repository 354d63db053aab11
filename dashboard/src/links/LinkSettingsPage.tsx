/** Everything of a link but its rules, on a page of its own. */
import { Button, Group, Paper, Stack, Text, Title } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useActions } from '~/shell/actions'
import { notify } from '~/shell/notices'
import { useTexts } from '~/texts/texts'
import { ForeignIds } from './form/ForeignIds'
import styles from './form/form.module.css'
import { LinkFields } from './form/LinkFields'
import { formTexts } from './form/texts'
import { Unsaved } from './form/Unsaved'
import { useLinkForm } from './form/useLinkForm'
import { linkQuery, useLink } from './link'
import { linksTexts } from './texts'
import { useLinkEdits } from './useLinkEdits'

export default function LinkSettingsPage() {
  const { link } = useLink()
  // Another link is another form.
  return <LinkSettings key={link.id} />
}

function LinkSettings() {
  const t = useTexts(formTexts)
  const read = useLink()
  const form = useLinkForm({ read, onSaved: link => notify(t.saved(link.slug)) })
  useActions([{ id: 'save', label: t.save, keys: 'Mod+s', group: t.form, run: form.save }])
  return (
    <Stack gap="xl" maw={760}>
      <Paper withBorder p="xl" bg="var(--surface)">
        <form
          noValidate
          onSubmit={event => {
            event.preventDefault()
            form.save()
          }}
        >
          <LinkFields form={form} />
          <ForeignIds link={read.link.id} />
          <Group gap="sm" mt="lg" className={styles.foot} data-on="page">
            <Button type="submit" loading={form.isSaving} disabled={!form.isDirty}>
              {t.save}
            </Button>
            {form.isDirty && <Text c="dimmed">{t.notSaved}</Text>}
          </Group>
        </form>
      </Paper>
      <Leaving />
      <Unsaved when={form.isDirty} />
    </Stack>
  )
}

/** Turning it off, putting it away, deleting it. */
function Leaving() {
  const t = useTexts(formTexts)
  const words = useTexts(linksTexts)
  const queries = useQueryClient()
  const navigate = useNavigate()
  const edits = useLinkEdits()
  const { link } = useLink()
  return (
    <Paper withBorder p="xl" bg="var(--surface)">
      <Title order={2} mb="sm">
        {t.leaving}
      </Title>
      <Text c="dimmed" mb="lg">
        {t.leavingWhat}
      </Text>
      <Group gap="sm">
        <Button variant="default" onClick={() => edits.enable([link], !link.enabled)}>
          {link.enabled ? words.disable : words.enable}
        </Button>
        <Button variant="default" onClick={() => edits.archive([link], !link.archived)}>
          {link.archived ? words.unarchive : words.archive}
        </Button>
        <Button
          variant="default"
          c="var(--bad)"
          onClick={() => {
            edits.delete([link])
            void navigate({ to: '/links' }).then(() =>
              queries.removeQueries({ queryKey: linkQuery(link.id).queryKey }),
            )
          }}
        >
          {words.delete}
        </Button>
      </Group>
    </Paper>
  )
}
