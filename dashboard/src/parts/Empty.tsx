/** A place with nothing in it yet, which teaches what could be there. */
import { Paper, Stack, Text, Title } from '@mantine/core'
import type { ReactNode } from 'react'

interface Props {
  title: string
  /** Why it is empty, and what fills it. */
  children?: ReactNode
  /** The button that does. */
  action?: ReactNode
}

export function Empty({ title, children, action }: Props) {
  return (
    <Paper withBorder p="xl" bg="var(--surface)">
      <Stack align="flex-start" gap="sm">
        <Title order={2}>{title}</Title>
        {children && <Text c="dimmed">{children}</Text>}
        {action}
      </Stack>
    </Paper>
  )
}
