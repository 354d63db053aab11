/** What can be done to one link, by word. */
import { ActionIcon, Menu } from '@mantine/core'
import {
  IconArchive,
  IconArchiveOff,
  IconChartHistogram,
  IconDots,
  IconPencil,
  IconPlayerPause,
  IconPlayerPlay,
  IconQrcode,
  IconRoute,
  IconTrash,
} from '@tabler/icons-react'
import { Link as To } from '@tanstack/react-router'
import { useTexts } from '~/texts/texts'
import type { Link } from './link'
import { linksTexts } from './texts'
import { useLinkEdits } from './useLinkEdits'

export default function LinkMenu({ link, qr }: { link: Link; qr: (link: Link) => void }) {
  const t = useTexts(linksTexts)
  const edits = useLinkEdits()
  const params = { link: link.id }
  return (
    <Menu defaultOpened position="bottom-end" width={200} returnFocus>
      <Menu.Target>
        <ActionIcon variant="subtle" aria-label={t.more(link.slug)}>
          <IconDots size={16} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item leftSection={<IconPencil size={16} />} onClick={() => edits.open(link)}>
          {t.edit}
        </Menu.Item>
        <Menu.Item
          component={To}
          to="/links/$link/rules"
          params={params as never}
          leftSection={<IconRoute size={16} />}
        >
          {t.page.rules}
        </Menu.Item>
        <Menu.Item
          component={To}
          to="/links/$link/stats"
          params={params as never}
          leftSection={<IconChartHistogram size={16} />}
        >
          {t.page.statistics}
        </Menu.Item>
        <Menu.Item leftSection={<IconQrcode size={16} />} onClick={() => qr(link)}>
          {t.qr}
        </Menu.Item>
        <Menu.Divider />
        <Menu.Item
          leftSection={link.enabled ? <IconPlayerPause size={16} /> : <IconPlayerPlay size={16} />}
          onClick={() => edits.enable([link], !link.enabled)}
        >
          {link.enabled ? t.disable : t.enable}
        </Menu.Item>
        <Menu.Item
          leftSection={link.archived ? <IconArchiveOff size={16} /> : <IconArchive size={16} />}
          onClick={() => edits.archive([link], !link.archived)}
        >
          {link.archived ? t.unarchive : t.archive}
        </Menu.Item>
        <Menu.Item
          color="var(--bad)"
          leftSection={<IconTrash size={16} />}
          onClick={() => edits.delete([link])}
        >
          {t.delete}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
