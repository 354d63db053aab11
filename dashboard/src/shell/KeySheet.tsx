/** Every key of the page that is open: what `?` shows. */
import { Kbd, Modal, Table, Title } from '@mantine/core'
import { useTexts } from '~/texts/texts'
import { useOffered } from './actions'
import { shellTexts } from './texts'

const isMac = /mac|iphone|ipad/i.test(navigator.platform)

export default function KeySheet({ onClose }: { onClose: () => void }) {
  const t = useTexts(shellTexts)
  const withKeys = useOffered().filter(action => action.keys)
  const groups = [...new Set(withKeys.map(action => action.group))]
  return (
    <Modal
      opened
      onClose={onClose}
      title={t.keys}
      size="lg"
      closeButtonProps={{ 'aria-label': t.close }}
    >
      {groups.map(group => (
        <section key={group}>
          <Title order={3} mt="md">
            {group}
          </Title>
          <Table>
            <Table.Tbody>
              {withKeys
                .filter(action => action.group === group)
                .map(action => (
                  <Table.Tr key={action.id}>
                    <Table.Td>{action.label}</Table.Td>
                    <Table.Td ta="right">
                      <Keys keys={action.keys ?? ''} />
                    </Table.Td>
                  </Table.Tr>
                ))}
            </Table.Tbody>
          </Table>
        </section>
      ))}
    </Modal>
  )
}

const SPELLED: Record<string, string> = {
  Mod: isMac ? '⌘' : 'Ctrl',
  ArrowUp: '↑',
  ArrowDown: '↓',
  ArrowLeft: '←',
  ArrowRight: '→',
}

/** `g l`, `Mod+k`, as they are printed on keys. */
export function Keys({ keys }: { keys: string }) {
  const pressed = keys.split(/[ +]/).filter(Boolean)
  return (
    <span>
      {pressed.map(key => (
        <Kbd key={key} ml={4}>
          {SPELLED[key] ?? (key.length === 1 ? key.toUpperCase() : key)}
        </Kbd>
      ))}
    </span>
  )
}
