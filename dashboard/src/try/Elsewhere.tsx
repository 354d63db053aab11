/** The same question asked elsewhere: as JSON, by curl, on the server's command line. */
import { Code, Group, Modal, Stack, Text, Title } from '@mantine/core'
import { CopyButton } from '~/parts/CopyButton'
import { useTexts } from '~/texts/texts'
import type { Wire } from '~/visitors/visitor'
import { commandOf, curlOf } from './command'
import type { Explained } from './explained'
import { tryTexts } from './texts'

interface Props {
  kind: 'json' | 'command'
  link: { id: string; shortUrl: string }
  wire: Wire
  explained: Explained | undefined
  onClose: () => void
}

export default function Elsewhere({ kind, link, wire, explained, onClose }: Props) {
  const t = useTexts(tryTexts)
  const command = commandOf(link.shortUrl, wire)
  const curl = curlOf(window.location.origin, link.id, wire)
  return (
    <Modal
      opened
      onClose={onClose}
      size="xl"
      title={t.elsewhere}
      closeButtonProps={{ 'aria-label': t.close }}
    >
      <Stack>
        {kind === 'json' ? (
          <>
            <Block title={t.asked} text={JSON.stringify(wire, null, 2)} />
            <Block title={t.answered} text={JSON.stringify(explained ?? null, null, 2)} />
          </>
        ) : (
          <>
            {command && !wire.draft ? (
              <Block title={t.command} text={command} />
            ) : (
              <Text size="sm">{t.commandNo}</Text>
            )}
            <Block title={t.curl} text={curl} />
          </>
        )}
      </Stack>
    </Modal>
  )
}

function Block({ title, text }: { title: string; text: string }) {
  return (
    <section>
      <Group gap={4}>
        <Title order={3}>{title}</Title>
        <CopyButton value={text} />
      </Group>
      <Code block mah={360} style={{ overflow: 'auto', whiteSpace: 'pre-wrap' }} tabIndex={0}>
        {text}
      </Code>
    </section>
  )
}
