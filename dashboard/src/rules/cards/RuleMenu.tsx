/** What can be done to a rule as a whole: everything that dragging and keys do, by name. */
import { ActionIcon, Menu } from '@mantine/core'
import {
  IconArrowBarToDown,
  IconArrowBarToUp,
  IconArrowDown,
  IconArrowsSort,
  IconArrowUp,
  IconBraces,
  IconCopy,
  IconDots,
  IconLink,
  IconPlayerPause,
  IconPlayerPlay,
  IconTerminal2,
  IconTestPipe,
  IconTransferOut,
  IconTrash,
} from '@tabler/icons-react'
import { useTexts } from '~/texts/texts'
import type { Rule } from '../plan'
import { rulesTexts } from '../texts'

export interface RuleDeeds {
  moveTo: (key: string, index: number) => void
  askPosition: (key: string) => void
  duplicate: (key: string) => void
  turn: (key: string) => void
  turnOff: (keys: readonly string[]) => void
  remove: (key: string) => void
  tryIt: (key: string) => void
  copyToLink: (key: string) => void
  copyAs: (key: string, form: 'link' | 'json' | 'curl') => void
}

interface Props {
  rule: Rule
  name: string
  position: number
  of: number
  deeds: RuleDeeds
}

export function RuleMenu({ rule, name, position, of, deeds }: Props) {
  const t = useTexts(rulesTexts)
  const { key } = rule
  const index = position - 1
  return (
    <Menu position="bottom-end" withinPortal returnFocus>
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" aria-label={t.moreOf(name)}>
          <IconDots size={18} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item
          leftSection={rule.enabled ? <IconPlayerPause size={16} /> : <IconPlayerPlay size={16} />}
          onClick={() => deeds.turn(key)}
        >
          {rule.enabled ? t.turnOff : t.turnOn}
        </Menu.Item>
        <Menu.Item leftSection={<IconTestPipe size={16} />} onClick={() => deeds.tryIt(key)}>
          {t.tryIt}
        </Menu.Item>
        <Menu.Divider />
        <Menu.Item
          leftSection={<IconArrowBarToUp size={16} />}
          disabled={index === 0}
          onClick={() => deeds.moveTo(key, 0)}
        >
          {t.moveTop}
        </Menu.Item>
        <Menu.Item
          leftSection={<IconArrowUp size={16} />}
          disabled={index === 0}
          onClick={() => deeds.moveTo(key, index - 1)}
        >
          {t.moveUp}
        </Menu.Item>
        <Menu.Item
          leftSection={<IconArrowDown size={16} />}
          disabled={position === of}
          onClick={() => deeds.moveTo(key, index + 1)}
        >
          {t.moveDown}
        </Menu.Item>
        <Menu.Item
          leftSection={<IconArrowBarToDown size={16} />}
          disabled={position === of}
          onClick={() => deeds.moveTo(key, of - 1)}
        >
          {t.moveBottom}
        </Menu.Item>
        <Menu.Item
          leftSection={<IconArrowsSort size={16} />}
          disabled={of < 2}
          onClick={() => deeds.askPosition(key)}
        >
          {t.movePosition}
        </Menu.Item>
        <Menu.Divider />
        <Menu.Item leftSection={<IconCopy size={16} />} onClick={() => deeds.duplicate(key)}>
          {t.duplicate}
        </Menu.Item>
        <Menu.Item
          leftSection={<IconTransferOut size={16} />}
          onClick={() => deeds.copyToLink(key)}
        >
          {t.copyToLink}
        </Menu.Item>
        <Menu.Item leftSection={<IconLink size={16} />} onClick={() => deeds.copyAs(key, 'link')}>
          {t.copyLink}
        </Menu.Item>
        <Menu.Item leftSection={<IconBraces size={16} />} onClick={() => deeds.copyAs(key, 'json')}>
          {t.copyJson}
        </Menu.Item>
        <Menu.Item
          leftSection={<IconTerminal2 size={16} />}
          onClick={() => deeds.copyAs(key, 'curl')}
        >
          {t.copyCurl}
        </Menu.Item>
        <Menu.Divider />
        <Menu.Item
          color="red"
          leftSection={<IconTrash size={16} />}
          onClick={() => deeds.remove(key)}
        >
          {t.remove}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
