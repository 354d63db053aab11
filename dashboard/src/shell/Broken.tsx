/** What is shown where a page cannot be. */
import { Button, Code, Stack, Text, Title } from '@mantine/core'
import { type ErrorComponentProps, Link } from '@tanstack/react-router'
import { Problem } from '~/api/problem'
import { useTexts } from '~/texts/texts'
import { shellTexts } from './texts'

export function Broken({ error, reset }: ErrorComponentProps) {
  const t = useTexts(shellTexts)
  if (error instanceof Problem && error.status === 404) return <NotFound />
  return (
    <Stack align="flex-start" role="alert">
      <Title order={1}>{t.broke}</Title>
      <Text>{t.brokeWhat}</Text>
      <Code block>{error instanceof Error ? error.message : String(error)}</Code>
      <Button onClick={reset}>{t.again}</Button>
    </Stack>
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
