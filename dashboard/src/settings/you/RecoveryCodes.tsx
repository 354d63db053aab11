/** The codes for the day on which the phone is gone: shown once, to be taken along. */
import { Button, Group, Stack, Text } from '@mantine/core'
import { useClipboard } from '@mantine/hooks'
import { partsTexts } from '~/parts/texts'
import { announce } from '~/shell/announcer'
import { useTexts } from '~/texts/texts'
import { settingsTexts } from '../texts'
import styles from './RecoveryCodes.module.css'
import { youTexts } from './texts'

interface Props {
  codes: string[]
  onDone: () => void
}

export function RecoveryCodes({ codes, onDone }: Props) {
  const t = useTexts(youTexts)
  const s = useTexts(settingsTexts)
  const p = useTexts(partsTexts)
  const clipboard = useClipboard({ timeout: 2_000 })
  const text = codes.join('\n')
  return (
    <Stack align="flex-start">
      <Text fw={600}>
        {t.recovery}: {s.shownOnce.toLowerCase()}
      </Text>
      <Text size="sm">{t.recoveryWhat}</Text>
      <ul className={styles.codes} aria-label={t.recovery}>
        {codes.map(code => (
          <li key={code}>{code}</li>
        ))}
      </ul>
      <Group>
        <Button
          variant="default"
          onClick={() => {
            clipboard.copy(text)
            announce(p.copied)
          }}
        >
          {clipboard.copied ? p.copied : t.copyAll}
        </Button>
        <Button variant="default" onClick={() => save('waypost-recovery-codes.txt', text)}>
          {t.download}
        </Button>
        <Button onClick={onDone}>{s.done}</Button>
      </Group>
    </Stack>
  )
}

function save(name: string, text: string) {
  const address = URL.createObjectURL(new Blob([`${text}\n`], { type: 'text/plain' }))
  const link = document.createElement('a')
  link.href = address
  link.download = name
  link.click()
  URL.revokeObjectURL(address)
}
