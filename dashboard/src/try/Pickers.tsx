/** Where a visitor comes from: those that were saved, past clicks, or whoever looks. */
import { Button, Group, Menu, Modal, Stack, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { notify, notifyProblem } from '~/shell/notices'
import { useFormat } from '~/texts/format'
import { useTexts } from '~/texts/texts'
import { newId, useSavedVisitors } from '~/visitors/saved'
import { summary, type Visitor, visitorOf } from '~/visitors/visitor'
import { clicksQuery, me } from './explain'
import { tryTexts } from './texts'

interface Props {
  link: string
  visitor: Visitor
  onPick: (visitor: Visitor) => void
  onClick: (click: string) => void
}

export function Pickers({ link, visitor, onPick, onClick }: Props) {
  const t = useTexts(tryTexts)
  const navigate = useNavigate()
  const { visitors } = useSavedVisitors()
  const [saves, setSaves] = useState(false)
  return (
    <Group gap={4}>
      <Menu position="bottom-start" shadow="md">
        <Menu.Target>
          <Button size="compact-sm" variant="default">
            {t.saved} ▾
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {visitors.map(saved => (
            <Menu.Item key={saved.id} onClick={() => onPick(saved.visitor)}>
              {saved.name}
            </Menu.Item>
          ))}
          <Menu.Divider />
          <Menu.Item onClick={() => setSaves(true)}>{t.saveVisitor}</Menu.Item>
          <Menu.Item onClick={() => void navigate({ to: '/visitors' })}>{t.manage}</Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <PastClicks link={link} onClick={onClick} />
      <Button
        size="compact-sm"
        variant="default"
        title={t.meNow}
        onClick={() => void me().then(wire => onPick(visitorOf(wire)), notifyProblem)}
      >
        {t.me}
      </Button>
      {saves && <SaveVisitor visitor={visitor} onClose={() => setSaves(false)} />}
    </Group>
  )
}

function PastClicks({ link, onClick }: Pick<Props, 'link' | 'onClick'>) {
  const t = useTexts(tryTexts)
  const format = useFormat()
  const [opened, setOpened] = useState(false)
  const { data } = useQuery({ ...clicksQuery(link), enabled: opened })
  return (
    <Menu position="bottom-start" shadow="md" opened={opened} onChange={setOpened}>
      <Menu.Target>
        <Button size="compact-sm" variant="default">
          {t.past} ▾
        </Button>
      </Menu.Target>
      <Menu.Dropdown mah={400} style={{ overflowY: 'auto' }}>
        {data?.data.length === 0 && <Menu.Item disabled>{t.noClicks}</Menu.Item>}
        {data?.data.map(click => (
          <Menu.Item
            key={click.id}
            onClick={() => onClick(click.id)}
            rightSection={format.time(click.at)}
          >
            {[click.city, click.country, click.os, click.browser].filter(Boolean).join(' · ') ||
              click.class}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}

function SaveVisitor({ visitor, onClose }: { visitor: Visitor; onClose: () => void }) {
  const t = useTexts(tryTexts)
  const { save } = useSavedVisitors()
  const [name, setName] = useState(summary(visitor, 3))
  const keep = () => {
    if (!name.trim()) return
    save({ id: newId(), name: name.trim(), visitor }).then(
      () => notify(t.visitorSaved(name.trim())),
      notifyProblem,
    )
    onClose()
  }
  return (
    <Modal
      opened
      onClose={onClose}
      title={t.saveVisitor}
      closeButtonProps={{ 'aria-label': t.close }}
    >
      <Stack>
        <TextInput
          data-autofocus
          label={t.visitorName}
          value={name}
          onChange={event => setName(event.currentTarget.value)}
          onKeyDown={event => event.key === 'Enter' && keep()}
        />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t.cancel}
          </Button>
          <Button onClick={keep}>{t.save}</Button>
        </Group>
      </Stack>
    </Modal>
  )
}
