/** No rules yet: a real one to begin with, whose words can be changed where they stand. */
import { Button, Group, NativeSelect, Paper, Stack, Text, Title } from '@mantine/core'
import { useState } from 'react'
import { useTexts } from '~/texts/texts'
import type { Rule } from '../plan'
import { rulesTexts } from '../texts'
import type { When } from '../tree'
import { useSpeaker } from '../vocabulary'
import { Address } from './ActionEditor'

const FIRST: readonly When[] = [
  { all: [{ field: 'os', operator: 'in', value: ['iOS', 'iPadOS'] }] },
  { all: [{ field: 'os', operator: 'in', value: ['Android'] }] },
  { all: [{ field: 'country', operator: 'in', value: ['US', 'CA'] }] },
  { all: [{ field: 'isNewVisitor', operator: 'is_true' }] },
  { all: [{ field: 'dayOfWeek', operator: 'in', value: [0, 6] }] },
]

interface Props {
  destination: string
  onAdd: (rule: Partial<Rule>) => void
}

export function NoRules({ destination, onAdd }: Props) {
  const t = useTexts(rulesTexts)
  const speaker = useSpeaker()
  const [chosen, setChosen] = useState(0)
  const [url, setUrl] = useState('')
  return (
    <Paper withBorder p="lg" mb="sm" bg="var(--surface)">
      <Stack gap="sm">
        <Title order={2}>{t.noRules}</Title>
        <Text c="dimmed">{t.noRulesWhat}</Text>
        <Group align="flex-start" gap="sm">
          <Text pt={8}>{t.send}</Text>
          <NativeSelect
            aria-label={t.who}
            value={String(chosen)}
            data={FIRST.map((when, index) => ({
              value: String(index),
              label: speaker.who(when),
            }))}
            onChange={event => setChosen(Number(event.currentTarget.value))}
          />
          <Text pt={8}>{t.sendWhere}</Text>
          <div style={{ flex: '1 1 260px' }}>
            <Address label={t.destination} value={url} onChange={setUrl} />
          </div>
          <Button
            onClick={() =>
              onAdd({ when: FIRST[chosen]!, action: { redirect: url || destination } })
            }
          >
            {t.addThis}
          </Button>
        </Group>
      </Stack>
    </Paper>
  )
}
