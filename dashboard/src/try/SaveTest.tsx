/** Keeps the visitor that is tried, and what they get, as a test of the link. */
import { Button, Checkbox, Group, Stack, Text, TextInput } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { Problem } from '~/api/problem'
import { notify } from '~/shell/notices'
import { useTexts } from '~/texts/texts'
import { summary, type Visitor, type Wire } from '~/visitors/visitor'
import { type Explained, winnerOf } from './explained'
import { addTest, testsQuery } from './tests'
import { tryTexts } from './texts'

interface Props {
  link: string
  visitor: Visitor
  wire: Wire
  explained: Explained
  onClose: () => void
}

export function SaveTest({ link, visitor, wire, explained, onClose }: Props) {
  const t = useTexts(tryTexts)
  const queries = useQueryClient()
  const [name, setName] = useState(summary(visitor, 3) || t.visitor)
  const [must, setMust] = useState({
    destination: explained.goesTo != null,
    rule: false,
    status: explained.goesTo == null,
  })
  const [problem, setProblem] = useState<string>()
  const n = winnerOf(explained)
  const nothing = !must.destination && !must.rule && !must.status

  const keep = async () => {
    const expect = {
      ...(must.destination && explained.goesTo ? { destination: explained.goesTo } : {}),
      ...(must.rule ? { rule: explained.rule ?? null } : {}),
      ...(must.status ? { status: explained.status } : {}),
    }
    try {
      await addTest(link, { name: name.trim(), ...wire, expect })
      await queries.invalidateQueries({ queryKey: testsQuery(link).queryKey })
      notify(t.testSaved(name.trim()))
      onClose()
    } catch (error) {
      if (!(error instanceof Problem)) throw error
      setProblem(error.message)
    }
  }
  const tick = (key: keyof typeof must) => ({
    checked: must[key],
    onChange: () => setMust({ ...must, [key]: !must[key] }),
  })
  return (
    <form
      onSubmit={event => {
        event.preventDefault()
        void keep()
      }}
    >
      <Stack gap="sm">
        <TextInput
          label={t.testName}
          value={name}
          required
          autoFocus
          error={problem}
          onChange={event => setName(event.currentTarget.value)}
        />
        <fieldset style={{ border: 0, padding: 0, margin: 0 }}>
          <Text component="legend" size="sm" fw={500}>
            {t.mustGet}
          </Text>
          <Stack gap={4}>
            {explained.goesTo && (
              <Checkbox
                {...tick('destination')}
                label={t.mustDestination}
                description={<span className="address">{explained.goesTo}</span>}
              />
            )}
            <Checkbox
              {...tick('rule')}
              label={n ? t.mustRule : t.mustNoRule}
              description={n ? `${n} ${explained.rules[n - 1]?.name ?? ''}` : undefined}
            />
            <Checkbox {...tick('status')} label={t.mustStatus(explained.status)} />
          </Stack>
        </fieldset>
        <Text size="xs" c="dimmed">
          {t.testWhat}
        </Text>
        <Group gap="sm">
          <Button type="submit" size="compact-md" disabled={nothing || !name.trim()}>
            {t.keepTest}
          </Button>
          <Button size="compact-md" variant="default" onClick={onClose}>
            {t.cancel}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
