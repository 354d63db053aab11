/** Without a draft: what one is, and a change to try at once. */
import { Button, Group, Paper, Text, Title } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { Link as To } from '@tanstack/react-router'
import { api, got, type Schemas } from '~/api/client'
import { draftQuery, type Link } from '~/links/link'
import { notify, notifyProblem } from '~/shell/notices'
import { useTexts } from '~/texts/texts'
import { changeBy, type Plan, planOf } from './plan'
import { QuickChange } from './QuickChange'
import { whatIfTexts } from './texts'

interface Props {
  link: Link
  changed: Plan
  hasChange: boolean
  onChange: (plan: Plan) => void
}

export function Teach({ link, changed, hasChange, onChange }: Props) {
  const t = useTexts(whatIfTexts)
  const queries = useQueryClient()
  const keep = async () => {
    const body = changeBy(changed) as Schemas['DraftChange']
    const path = { link: link.id }
    try {
      const draft = await got(api.PUT('/api/v1/links/{link}/draft', { params: { path }, body }))
      queries.setQueryData(draftQuery(link.id).queryKey, draft)
      notify(t.kept)
    } catch (error) {
      notifyProblem(error)
    }
  }
  return (
    <>
      {!hasChange && (
        <Paper withBorder p="lg" bg="var(--surface)" component="section">
          <Title order={2}>{t.teachTitle}</Title>
          <Text c="dimmed" my="sm" maw={680}>
            {t.teach}
          </Text>
          <Button
            renderRoot={props => (
              <To to="/links/$link/rules" params={{ link: link.id }} {...props} />
            )}
            variant="default"
            size="compact-md"
          >
            {t.teachRules}
          </Button>
        </Paper>
      )}
      <Paper withBorder p="lg" bg="var(--surface)" component="section">
        <Group justify="space-between" align="start" mb="sm">
          <div>
            <Title order={2}>{t.quickTitle}</Title>
            <Text c="dimmed">{t.quickWhat}</Text>
          </div>
          {hasChange && (
            <Group gap="sm">
              <Button size="compact-md" variant="default" onClick={() => onChange(planOf(link))}>
                {t.reset}
              </Button>
              <Button size="compact-md" onClick={() => void keep()}>
                {t.keep}
              </Button>
            </Group>
          )}
        </Group>
        <QuickChange plan={changed} onChange={onChange} />
      </Paper>
    </>
  )
}
