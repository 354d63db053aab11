/** Somebody else saved the draft meanwhile: both drafts side by side, and which one goes on. */
import { Button, Group, Modal, Stack, Text, Title } from '@mantine/core'
import { useFormat } from '~/texts/format'
import { useTexts } from '~/texts/texts'
import { type Draft, keepMine, takeTheirs } from '../draft/draft'
import { planOf } from '../plan'
import { rulesTexts } from '../texts'
import { Changes } from './Changes'
import styles from './publish.module.css'

export default function StaleDialog({ draft, onClose }: { draft: Draft; onClose: () => void }) {
  const t = useTexts(rulesTexts)
  const format = useFormat()
  const { theirs, live, plan, link } = draft
  if (!theirs) return null
  const who = theirs.editors.at(-1)?.name ?? theirs.author
  return (
    <Modal
      opened
      onClose={onClose}
      size="xl"
      title={t.staleTitle}
      closeButtonProps={{ 'aria-label': t.close }}
    >
      <Stack gap="md">
        <Text>{t.staleWhat(who, format.relative(theirs.updatedAt))}</Text>
        <div className={styles.two}>
          <section>
            <Title order={3}>{t.draftBy(who)}</Title>
            <Changes from={live} to={planOf(theirs)} />
          </section>
          <section>
            <Title order={3}>{t.yourChanges}</Title>
            <Changes from={live} to={plan} />
          </section>
        </div>
        <Group justify="flex-end" gap="sm">
          <Button
            variant="default"
            onClick={() => {
              takeTheirs(link.id)
              onClose()
            }}
          >
            {t.takeTheirs}
          </Button>
          <Button
            onClick={() => {
              keepMine(link.id)
              onClose()
            }}
          >
            {t.keepMine}
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}
