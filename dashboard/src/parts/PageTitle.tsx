/** A page's heading, what it is about, and what can be done on it. */
import { Group, Stack, Text, Title } from '@mantine/core'
import { type ReactNode, useEffect } from 'react'

interface Props {
  title: string
  /** One sentence, for whoever is here for the first time. */
  about?: ReactNode
  children?: ReactNode
}

export function PageTitle({ title, about, children }: Props) {
  useEffect(() => {
    document.title = `${title} · Waypost`
  }, [title])
  return (
    <Group justify="space-between" align="flex-start" mb="lg" wrap="wrap">
      <Stack gap={4} flex="1 1 320px">
        <Title order={1}>{title}</Title>
        {about && <Text c="dimmed">{about}</Text>}
      </Stack>
      {children && <Group gap="sm">{children}</Group>}
    </Group>
  )
}
