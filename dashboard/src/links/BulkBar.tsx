/** What can be done to the chosen links together. */
import { Button, CloseButton, Group, Paper, Popover, Stack, TagsInput, Text } from '@mantine/core'
import {
  IconArchive,
  IconFolder,
  IconPlayerPause,
  IconPlayerPlay,
  IconTag,
  IconTrash,
} from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { useFormat } from '~/texts/format'
import { useTexts } from '~/texts/texts'
import styles from './BulkBar.module.css'
import { FolderField } from './form/FolderField'
import type { Link } from './link'
import { tagsQuery } from './list'
import type { Selection } from './selection'
import { linksTexts } from './texts'
import { useLinkEdits } from './useLinkEdits'

interface Props {
  links: readonly Link[]
  selection: Selection
}

export default function BulkBar({ links, selection }: Props) {
  const t = useTexts(linksTexts)
  const format = useFormat()
  const edits = useLinkEdits()
  const isOff = links.every(link => !link.enabled)
  const isArchived = links.every(link => link.archived)
  return (
    <Paper
      component="section"
      className={styles.bar}
      shadow="md"
      withBorder
      aria-label={t.chosen(links.length, format.number(links.length))}
    >
      <Text size="sm" fw={600} role="status">
        {t.chosen(links.length, format.number(links.length))}
      </Text>
      <Group gap="sm">
        <TagAction links={links} />
        <FolderAction links={links} />
        <Button
          size="compact-sm"
          variant="default"
          leftSection={isOff ? <IconPlayerPlay size={16} /> : <IconPlayerPause size={16} />}
          onClick={() => edits.enable(links, isOff)}
        >
          {isOff ? t.enable : t.disable}
        </Button>
        <Button
          size="compact-sm"
          variant="default"
          leftSection={<IconArchive size={16} />}
          onClick={() => {
            edits.archive(links, !isArchived)
            selection.clear()
          }}
        >
          {isArchived ? t.unarchive : t.archive}
        </Button>
        <Button
          size="compact-sm"
          variant="default"
          c="var(--bad)"
          leftSection={<IconTrash size={16} />}
          onClick={() => {
            edits.delete(links)
            selection.clear()
          }}
        >
          {t.delete}
        </Button>
      </Group>
      <CloseButton aria-label={t.clearChosen} title={t.clearChosen} onClick={selection.clear} />
    </Paper>
  )
}

interface ActionProps {
  icon: ReactNode
  label: string
  children: (close: () => void) => ReactNode
}

/** A button that asks what it needs to know. */
function Action({ icon, label, children }: ActionProps) {
  const [isOpen, setOpen] = useState(false)
  return (
    <Popover opened={isOpen} onChange={setOpen} width={280} position="top" trapFocus returnFocus>
      <Popover.Target>
        <Button
          size="compact-sm"
          variant="default"
          leftSection={icon}
          onClick={() => setOpen(!isOpen)}
        >
          {label}
        </Button>
      </Popover.Target>
      <Popover.Dropdown>{children(() => setOpen(false))}</Popover.Dropdown>
    </Popover>
  )
}

function TagAction({ links }: { links: readonly Link[] }) {
  const t = useTexts(linksTexts)
  const edits = useLinkEdits()
  const known = useQuery(tagsQuery)
  const [tags, setTags] = useState<string[]>([])
  return (
    <Action icon={<IconTag size={16} />} label={t.tagThem}>
      {close => {
        const finish = (edit: (links: readonly Link[], tags: readonly string[]) => void) => () => {
          edit(links, tags)
          setTags([])
          close()
        }
        return (
          <Stack gap="sm">
            <TagsInput
              label={t.tags}
              data={known.data?.map(({ name }) => name)}
              value={tags}
              onChange={setTags}
              comboboxProps={{ withinPortal: false, position: 'top' }}
              acceptValueOnBlur
              data-autofocus
            />
            <Group gap="sm">
              <Button
                size="compact-sm"
                disabled={tags.length === 0}
                onClick={finish(edits.addTags)}
              >
                {t.add}
              </Button>
              <Button
                size="compact-sm"
                variant="default"
                disabled={tags.length === 0}
                onClick={finish(edits.removeTags)}
              >
                {t.remove}
              </Button>
            </Group>
          </Stack>
        )
      }}
    </Action>
  )
}

function FolderAction({ links }: { links: readonly Link[] }) {
  const t = useTexts(linksTexts)
  const edits = useLinkEdits()
  const [folder, setFolder] = useState('')
  return (
    <Action icon={<IconFolder size={16} />} label={t.moveThem}>
      {close => (
        <form
          onSubmit={event => {
            event.preventDefault()
            edits.move(links, folder.trim() || null)
            close()
          }}
        >
          <Stack gap="sm">
            <FolderField
              domain={links[0]?.domain ?? ''}
              value={folder}
              onChange={setFolder}
              isInside
            />
            <Button size="compact-sm" type="submit">
              {folder.trim() ? t.moveTo(folder.trim()) : t.moveOut}
            </Button>
          </Stack>
        </form>
      )}
    </Action>
  )
}
