/** A secret that is shown this once: with what it is for, and ways to take it along. */
import { Alert, Button, Code, Group, Stack, Text } from '@mantine/core'
import { IconEye } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { CopyButton } from '~/parts/CopyButton'
import { useTexts } from '~/texts/texts'
import styles from './ShownOnce.module.css'
import { settingsTexts } from './texts'

interface Props {
  /** What it is: "The key", "The link to send". */
  label: string
  value: string
  /** A line to paste into a terminal. */
  example?: { label: string; text: string }
  children?: ReactNode
  onDone: () => void
}

export function ShownOnce({ label, value, example, children, onDone }: Props) {
  const t = useTexts(settingsTexts)
  return (
    <Alert
      color="accent"
      title={`${label}: ${t.shownOnce.toLowerCase()}`}
      icon={<IconEye size={18} aria-hidden />}
      mb="lg"
      role="status"
    >
      <Stack align="flex-start">
        <Text size="sm">{children ?? t.shownOnceWhy}</Text>
        <Secret label={label} value={value} />
        {example && <Secret label={example.label} value={example.text} />}
        <Button size="compact-sm" onClick={onDone}>
          {t.done}
        </Button>
      </Stack>
    </Alert>
  )
}

export function Secret({ label, value }: { label: string; value: string }) {
  return (
    <Group className={styles.secret} wrap="nowrap" gap={4}>
      <Code className={styles.value}>
        <span className="unseen">{label}: </span>
        {value}
      </Code>
      <CopyButton value={value} />
    </Group>
  )
}
