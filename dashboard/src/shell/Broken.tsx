/** What is shown where a page cannot be. */
import { Alert, Button, Code, Stack, Text, Title } from '@mantine/core'
import { type ErrorComponentProps, Link } from '@tanstack/react-router'
import { useEffect } from 'react'
import { Problem } from '~/api/problem'
import { useTexts } from '~/texts/texts'
import styles from './Shell.module.css'
import { shellTexts } from './texts'

const ASK_EVERY_MS = 3_000

export function Broken({ error, reset }: ErrorComponentProps) {
  const t = useTexts(shellTexts)
  if (error instanceof Problem && error.status === 404) return <NotFound />
  if (error instanceof Problem && error.status === 0) return <Unreachable />
  return (
    <Stack align="flex-start" role="alert">
      <Title order={1}>{t.broke}</Title>
      <Text>{t.brokeWhat}</Text>
      <Code block>{error instanceof Error ? error.message : String(error)}</Code>
      <Button onClick={reset}>{t.again}</Button>
    </Stack>
  )
}

/** What is not there cannot be drawn: the page comes anew as soon as the server answers. */
function Unreachable() {
  const t = useTexts(shellTexts)
  useEffect(() => {
    const asks = setInterval(async () => {
      const answer = await fetch('/healthz').catch(() => undefined)
      if (answer?.ok) window.location.reload()
    }, ASK_EVERY_MS)
    return () => clearInterval(asks)
  }, [])
  return (
    <Alert color="yellow" role="status">
      {t.offline}
    </Alert>
  )
}

/** An address that is none of a page, where nothing stands around it. */
export function NotOfAPage() {
  return (
    <main className={styles.content}>
      <NotFound />
    </main>
  )
}

export function NotFound() {
  const t = useTexts(shellTexts)
  return (
    <Stack align="flex-start">
      <Title order={1}>{t.notFound}</Title>
      <Text>{t.notFoundWhat}</Text>
      <Button component={Link} to="/links">
        {t.toLinks}
      </Button>
    </Stack>
  )
}
