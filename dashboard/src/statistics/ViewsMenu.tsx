/** Saves this view under a name, and goes to those that are saved. */
import { ActionIcon, Button, Group, Popover, Stack, Text, TextInput } from '@mantine/core'
import { IconBookmark, IconTrash } from '@tabler/icons-react'
import { useState } from 'react'
import { notify, notifyProblem } from '~/shell/notices'
import { useTexts } from '~/texts/texts'
import { useBoard } from './board'
import { parse, print } from './question'
import { statisticsTexts } from './texts'
import { useViews } from './views'

export function ViewsMenu() {
  const t = useTexts(statisticsTexts)
  const { question, change } = useBoard()
  const { views, keep, drop } = useViews()
  const [open, setOpen] = useState(false)
  const [name, setName] = useState('')
  return (
    <Popover
      opened={open}
      onChange={setOpen}
      position="bottom-end"
      trapFocus
      returnFocus
      shadow="md"
    >
      <Popover.Target>
        <Button
          variant="default"
          leftSection={<IconBookmark size={16} aria-hidden />}
          aria-haspopup="dialog"
          aria-expanded={open}
          onClick={() => setOpen(!open)}
        >
          {t.views}
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <Stack gap="xs" w={280}>
          {views.length === 0 && (
            <Text size="sm" c="dimmed">
              {t.noViews}
            </Text>
          )}
          {views.map(view => (
            <Group key={view.name} gap={4} wrap="nowrap">
              <Button
                flex={1}
                justify="flex-start"
                variant="subtle"
                size="sm"
                onClick={() => {
                  change(parse(view.search))
                  setOpen(false)
                }}
              >
                {view.name}
              </Button>
              <ActionIcon
                variant="subtle"
                aria-label={t.deleteView(view.name)}
                onClick={() => {
                  const undo = () => void keep(view).catch(notifyProblem)
                  drop(view).then(() => notify(t.viewDeleted(view.name), { undo }), notifyProblem)
                }}
              >
                <IconTrash size={16} />
              </ActionIcon>
            </Group>
          ))}
          <form
            onSubmit={event => {
              event.preventDefault()
              if (!name.trim()) return
              keep({ name: name.trim(), search: print(question) }).then(
                () => notify(t.viewSaved(name.trim())),
                notifyProblem,
              )
              setName('')
              setOpen(false)
            }}
          >
            <Group gap="xs" align="flex-end" wrap="nowrap">
              <TextInput
                flex={1}
                size="sm"
                label={t.saveView}
                placeholder={t.viewName}
                value={name}
                onChange={event => setName(event.currentTarget.value)}
              />
              <Button type="submit" size="sm">
                {t.save}
              </Button>
            </Group>
          </form>
        </Stack>
      </Popover.Dropdown>
    </Popover>
  )
}
