/** How far a replay is: shown when it takes longer than a second, with a way to stop it. */
import { Button, Group, Paper, Progress, Text } from '@mantine/core'
import { useEffect, useState } from 'react'
import { useFormat } from '~/texts/format'
import { useTexts } from '~/texts/texts'
import type { Progress as Done } from './replay'
import { whatIfTexts } from './texts'

const PATIENCE_MS = 1_000

export function Running({ progress, onStop }: { progress: Done | undefined; onStop: () => void }) {
  const t = useTexts(whatIfTexts)
  const format = useFormat()
  const [late, setLate] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), PATIENCE_MS)
    return () => clearTimeout(timer)
  }, [])
  if (!late) return null
  const share = progress && progress.of > 0 ? (progress.done / progress.of) * 100 : 0
  return (
    <Paper withBorder p="lg" bg="var(--surface)" role="status">
      <Group justify="space-between" mb="sm">
        <Text>
          {t.running}
          {progress &&
            ` · ${t.runningOf(format.number(progress.done), format.number(progress.of))}`}
        </Text>
        <Button size="compact-sm" variant="default" onClick={onStop}>
          {t.stop}
        </Button>
      </Group>
      <Progress value={share} aria-label={t.running} />
    </Paper>
  )
}
