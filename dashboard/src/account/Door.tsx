/** The frame of the pages that are there for whoever is not signed in. */
import { Paper, Stack, Text, Title } from '@mantine/core'
import { type ReactNode, useEffect } from 'react'
import styles from './Door.module.css'

interface Props {
  title: string
  about?: ReactNode
  children?: ReactNode
}

export function Door({ title, about, children }: Props) {
  useEffect(() => {
    document.title = `${title} · Waypost`
  }, [title])
  return (
    <main className={styles.page}>
      <Paper withBorder className={styles.card} p={32} bg="var(--surface)">
        <Stack gap="lg">
          <div className={styles.brand}>
            <img src="/app/assets/mark.svg" width={28} height={28} alt="" />
            <span>Waypost</span>
          </div>
          <Stack gap={4}>
            <Title order={1}>{title}</Title>
            {about && <Text c="dimmed">{about}</Text>}
          </Stack>
          {children}
        </Stack>
      </Paper>
    </main>
  )
}
