/** One matter of a page of the settings, in a card with its heading. */
import { Group, Paper, Stack, Text, Title } from '@mantine/core'
import type { ReactNode } from 'react'

interface Props {
  title: string
  about?: ReactNode
  /** What can be done about all of it. */
  action?: ReactNode
  children?: ReactNode
}

export function Section({ title, about, action, children }: Props) {
  return (
    <Paper component="section" withBorder p="xl" mb="lg" bg="var(--surface)" radius="lg">
      <Stack>
        <Group justify="space-between" align="flex-start" wrap="wrap">
          <Stack gap={4} flex="1 1 280px">
            <Title order={2}>{title}</Title>
            {about && (
              <Text c="dimmed" size="sm">
                {about}
              </Text>
            )}
          </Stack>
          {action}
        </Group>
        {children}
      </Stack>
    </Paper>
  )
}
