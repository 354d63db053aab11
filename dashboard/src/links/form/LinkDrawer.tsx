/** The drawer in which a link is made or edited, over the table that it came from. */
import { Button, Drawer, Group } from '@mantine/core'
import { useNavigate, useSearch } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useActions } from '~/shell/actions'
import { useTexts } from '~/texts/texts'
import { FILTERS } from '../list'
import styles from './form.module.css'
import { LinkFields } from './LinkFields'
import { formTexts } from './texts'
import { Unsaved } from './Unsaved'
import type { LinkForm } from './useLinkForm'

/** Back to the table as it was, without what was meant for the drawer alone. */
export function useBackToTable() {
  const navigate = useNavigate()
  const search = useSearch({ strict: false })
  return () => {
    const kept = [...FILTERS, 'sort' as const].map(name => [name, search[name]])
    void navigate({ to: '/links', search: Object.fromEntries(kept) as never })
  }
}

interface Props {
  title: ReactNode
  form: LinkForm
  submit: string
  /** Instead of the fields, once there is nothing more to type. */
  done?: ReactNode
}

export function LinkDrawer({ title, form, submit, done }: Props) {
  const t = useTexts(formTexts)
  const back = useBackToTable()
  useActions([{ id: 'save', label: t.save, keys: 'Mod+s', group: t.form, run: form.save }])
  return (
    <Drawer
      opened
      onClose={back}
      title={title}
      size="lg"
      closeButtonProps={{ 'aria-label': t.close }}
      classNames={{ body: styles.body, content: styles.content, title: styles.title }}
    >
      {done ?? (
        <form
          className={styles.form}
          noValidate
          onSubmit={event => {
            event.preventDefault()
            form.save()
          }}
        >
          <div className={styles.fields}>
            <LinkFields form={form} />
          </div>
          <Group className={styles.foot} gap="sm">
            <Button type="submit" loading={form.isSaving}>
              {submit}
            </Button>
            <Button variant="default" onClick={back}>
              {t.cancel}
            </Button>
          </Group>
        </form>
      )}
      <Unsaved when={form.isDirty} />
    </Drawer>
  )
}
