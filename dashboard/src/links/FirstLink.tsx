/** Where there is no link yet: one field that makes one. */
import { Paper, Stack, Text, Title } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { notify } from '~/shell/notices'
import { useTexts } from '~/texts/texts'
import { refreshLinks } from './edits'
import { ShortenField } from './ShortenField'
import { linksTexts } from './texts'

export function FirstLink() {
  const t = useTexts(linksTexts)
  const queries = useQueryClient()
  const navigate = useNavigate()
  return (
    <Paper withBorder p="xl" bg="var(--surface)">
      <Stack gap="sm" maw={640}>
        <Title order={2}>{t.noLinks}</Title>
        <Text c="dimmed">{t.noLinksWhat}</Text>
        <ShortenField
          onMade={link => {
            refreshLinks(queries)
            notify(t.made(link.shortUrl))
            void navigate({ to: '/links/$link/rules', params: { link: link.id } })
          }}
        />
      </Stack>
    </Paper>
  )
}
