/** Where short messages appear. */
import { Button, CloseButton, Paper, Text } from '@mantine/core'
import { useTexts } from '~/texts/texts'
import styles from './Notices.module.css'
import { dismiss, useNotices } from './notices'
import { shellTexts } from './texts'

export function Notices() {
  const notices = useNotices()
  const t = useTexts(shellTexts)
  return (
    <section className={styles.list} aria-live="polite" aria-label={t.actions}>
      {notices.map(({ id, text, kind, undo }) => (
        <Paper key={id} className={styles.notice} data-kind={kind} shadow="md" withBorder>
          <Text size="sm">{text}</Text>
          {undo && (
            <Button
              size="compact-sm"
              variant="subtle"
              onClick={() => {
                dismiss(id)
                undo()
              }}
            >
              {t.undo}
            </Button>
          )}
          <CloseButton size="sm" aria-label={t.close} onClick={() => dismiss(id)} />
        </Paper>
      ))}
    </section>
  )
}
