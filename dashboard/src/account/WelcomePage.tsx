/** The first minutes: one field, a short address, and a first rule. */
import { Button, Group, Paper, Stack } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link as To } from '@tanstack/react-router'
import { useMe } from '~/api/me'
import { refreshLinks } from '~/links/edits'
import { MadeLink } from '~/links/form/MadeLink'
import { linkQuery } from '~/links/link'
import { ShortenField } from '~/links/ShortenField'
import { PageTitle } from '~/parts/PageTitle'
import { useTexts } from '~/texts/texts'
import Checklist from './welcome/Checklist'
import { FirstRule } from './welcome/FirstRule'
import { begin, useBegun } from './welcome/progress'
import { welcomeTexts } from './welcome/texts'

export default function WelcomePage() {
  const t = useTexts(welcomeTexts)
  const me = useMe()
  const queries = useQueryClient()
  const begun = useBegun()
  const made = useQuery({ ...linkQuery(begun?.link ?? ''), enabled: begun !== null })
  const link = begun ? made.data?.link : undefined
  return (
    <Stack maw={720} mx="auto" gap="lg" pt="xl">
      <PageTitle title={t.welcome(me.name)} about={link ? undefined : t.about} />
      {link ? (
        <>
          <Paper withBorder p="xl" bg="var(--surface)">
            <MadeLink link={link} />
          </Paper>
          <Paper withBorder p="xl" bg="var(--surface)">
            <FirstRule key={link.id} link={link} />
          </Paper>
          <Checklist />
          <Group>
            <Button component={To} to="/links" variant="default">
              {t.toLinks}
            </Button>
          </Group>
        </>
      ) : (
        <Paper withBorder p="xl" bg="var(--surface)">
          <ShortenField
            onMade={link => {
              refreshLinks(queries)
              begin({ link: link.id, hasTried: false })
            }}
          />
          <Button component={To} to="/import" variant="subtle" size="compact-sm" mt="lg">
            {t.import}
          </Button>
        </Paper>
      )}
    </Stack>
  )
}
