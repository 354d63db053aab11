/** What becomes of each line of a file, or became: the problems first, each with a way to its line. */
import { Anchor, Badge, Group, Paper, Stack, Table, Text, Title } from '@mantine/core'
import { IconAlertTriangle, IconCircleCheck } from '@tabler/icons-react'
import { Link as To } from '@tanstack/react-router'
import { useState } from 'react'
import { withoutScheme } from '~/parts/address'
import { useFormat } from '~/texts/format'
import { useTexts } from '~/texts/texts'
import type { Outcome } from './import'
import { importTexts } from './texts'

/** Lines that are listed at first. */
const FEW = 20

interface Props {
  outcome: Outcome
  /** What was imported: a new link has no address yet, but its line says one. */
  file: string
  toLine: (line: number) => void
}

export function Result({ outcome, file, toLine }: Props) {
  const t = useTexts(importTexts)
  const format = useFormat()
  const [listsAll, setListsAll] = useState(false)
  const counts = (['created', 'updated', 'unchanged', 'skipped', 'failed'] as const).filter(
    key => 0 < outcome[key],
  )
  const ignored = outcome.columns.filter(({ key }) => key === null)
  const problems = listsAll ? outcome.problems : outcome.problems.slice(0, FEW)
  const words = outcome.dryRun ? t.would : t.did
  return (
    <Paper
      withBorder
      p="lg"
      bg="var(--surface)"
      component="section"
      aria-labelledby="import-result"
    >
      <Stack gap="md">
        <Title order={2} id="import-result">
          {outcome.dryRun ? t.wouldTitle : t.didTitle}
        </Title>
        <Group gap="lg">
          {counts.map(key => {
            const Icon = key === 'failed' ? IconAlertTriangle : IconCircleCheck
            return (
              <Group key={key} gap={4} c={key === 'failed' ? 'var(--bad)' : undefined}>
                <Icon size={16} aria-hidden />
                <Text fw={600}>{format.number(outcome[key])}</Text>
                <Text>{words[key]}</Text>
              </Group>
            )
          })}
          {counts.length === 0 && <Text>{t.noLines}</Text>}
        </Group>
        <Group gap={4}>
          <Text size="sm" c="dimmed">
            {t.columns}
          </Text>
          {outcome.columns
            .filter(({ key }) => key !== null)
            .map(({ header, key }) => (
              <Badge key={header} variant="default" tt="none" fw={400}>
                {header === key ? header : `${header} → ${key}`}
              </Badge>
            ))}
          {0 < ignored.length && (
            <Text size="sm" c="var(--unknown)">
              {t.ignored(ignored.map(({ header }) => header || '–').join(', '))}
            </Text>
          )}
        </Group>
        {0 < problems.length && (
          <Table captionSide="top">
            <Table.Caption>{t.problems(format.number(outcome.problems.length))}</Table.Caption>
            <Table.Thead>
              <Table.Tr>
                <Table.Th w={56}>{t.line}</Table.Th>
                <Table.Th w="24%">{t.column}</Table.Th>
                <Table.Th>{t.problem}</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {problems.map(({ line, column, detail }) => (
                <Table.Tr key={`${line} ${column} ${detail}`}>
                  <Table.Td>
                    <Anchor
                      component="button"
                      type="button"
                      aria-label={t.toLine(line)}
                      onClick={() => toLine(line)}
                    >
                      {format.number(line)}
                    </Anchor>
                  </Table.Td>
                  <Table.Td>{column ?? t.wholeLine}</Table.Td>
                  <Table.Td style={{ overflowWrap: 'anywhere' }}>{detail}</Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        )}
        {problems.length < outcome.problems.length && (
          <Anchor component="button" type="button" onClick={() => setListsAll(true)}>
            {t.all(format.number(outcome.problems.length))}
          </Anchor>
        )}
        <Lines outcome={outcome} file={file} />
      </Stack>
    </Paper>
  )
}

/** The first lines that are good, so that one sees what they were read as. */
function Lines({ outcome, file }: Pick<Props, 'outcome' | 'file'>) {
  const t = useTexts(importTexts)
  const format = useFormat()
  const lines = outcome.lines.slice(0, FEW)
  const said = file.split('\n')
  if (lines.length === 0) return null
  return (
    <Table captionSide="top">
      <Table.Caption>
        {t.firstLines(format.number(lines.length), format.number(outcome.lines.length))}
      </Table.Caption>
      <Table.Thead>
        <Table.Tr>
          <Table.Th w={56}>{t.line}</Table.Th>
          <Table.Th w="24%">{t.becomes}</Table.Th>
          <Table.Th>{t.address}</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {lines.map(({ line, action, link, shortUrl }) => (
          <Table.Tr key={line}>
            <Table.Td>{format.number(line)}</Table.Td>
            <Table.Td>{t.actions[action]}</Table.Td>
            <Table.Td className="address">
              {link ? (
                <To to="/links/$link/rules" params={{ link }} style={{ color: 'var(--accent)' }}>
                  {shortUrl ? withoutScheme(shortUrl) : link}
                </To>
              ) : (
                said[line - 1]
              )}
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  )
}
