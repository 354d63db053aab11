/** What a replay found: the buckets, the streams, who changes, and clicks to look at. */
import { Paper, SegmentedControl, Table, Text, Title } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { useMemo } from 'react'
import { useFormat } from '~/texts/format'
import { useTexts } from '~/texts/texts'
import { ChangedBy } from './ChangedBy'
import { Examples } from './Examples'
import { FlowChart } from './FlowChart'
import { FlowTable } from './FlowTable'
import { flowOf } from './flow'
import { Headline } from './Headline'
import { goesText, namer } from './names'
import type { Plan } from './plan'
import type { Replay, Transition } from './replay'
import { whatIfTexts } from './texts'
import styles from './WhatIf.module.css'

interface Props {
  link: Plan & { id: string }
  tried: Plan
  replay: Replay
  hasDraft: boolean
  view: string | undefined
  onView: (view: string) => void
}

export function Found({ link, tried, replay, hasDraft, view, onView }: Props) {
  const t = useTexts(whatIfTexts)
  const finding = useFinding(replay)
  const isNarrow = useMediaQuery('(max-width: 640px)')
  // New rules have ids of this replay's own: it alone knows their names.
  const named = useMemo(() => {
    const rules = replay.rules.flatMap(({ to }) => to.map(({ rule }) => rule))
    return rules.filter(rule => rule != null)
  }, [replay])
  const order = named.toSorted((a, b) => a.position - b.position).map(({ id }) => id)
  const live = link.rules.map(({ id }) => id)
  const flow = useMemo(() => flowOf(replay, live, order), [replay, live, order])
  const others = new Map(
    named.map(({ id, name, position }) => [id, `${position} ${name || t.unnamed}`]),
  )
  const leftName = namer(link, t)
  const rightName = namer(tried, t, others)
  const shown = view ?? (isNarrow ? 'table' : 'flow')
  const after = hasDraft ? t.draft : t.change
  const sides = { flow, leftName, rightName, finding }
  return (
    <>
      <Paper withBorder p="lg" bg="var(--surface)">
        <Headline replay={replay} />
      </Paper>
      <Paper withBorder p="lg" bg="var(--surface)" component="section" aria-label={finding}>
        <div className={styles.controls}>
          <Title order={2}>
            {t.now} → {after}
          </Title>
          <SegmentedControl
            size="xs"
            aria-label={t.view}
            data={[
              { value: 'flow', label: t.flow },
              { value: 'table', label: t.table },
            ]}
            value={shown}
            onChange={onView}
          />
        </div>
        <div style={{ marginTop: 16 }}>
          {shown === 'table' ? <FlowTable {...sides} after={after} /> : <FlowChart {...sides} />}
        </div>
      </Paper>
      {replay.changed > 0 && (
        <Paper withBorder p="lg" bg="var(--surface)" component="section">
          <Title order={2} mb="sm">
            {t.changedBy}
          </Title>
          <ChangedBy replay={replay} ruleName={leftName} />
        </Paper>
      )}
      {(replay.changed > 0 || replay.unknown > 0) && (
        <Paper withBorder p="lg" bg="var(--surface)" component="section">
          {replay.changed > 0 && (
            <>
              <Title order={2} mb="sm">
                {t.transitions}
              </Title>
              <Transitions transitions={replay.transitions} others={replay.otherTransitions} />
              <Title order={2} mt="lg">
                {t.examples}
              </Title>
            </>
          )}
          <Examples link={link.id} replay={replay} hasDraft={hasDraft} />
        </Paper>
      )}
    </>
  )
}

/** The whole in one sentence. */
export function useFinding(replay: Replay): string {
  const t = useTexts(whatIfTexts)
  const format = useFormat()
  const { clicks, changed } = replay
  if (changed === 0) return t.nothingChanges
  return t.finding(format.number(changed), format.share(changed / clicks), format.number(clicks))
}

const LISTED = 8

function Transitions({ transitions, others }: { transitions: Transition[]; others: number }) {
  const t = useTexts(whatIfTexts)
  const format = useFormat()
  const rest = transitions.slice(LISTED).reduce((sum, { clicks }) => sum + clicks, others)
  return (
    <Table.ScrollContainer minWidth={420}>
      <Table verticalSpacing={6}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">{t.from}</Table.Th>
            <Table.Th scope="col">{t.to}</Table.Th>
            <Table.Th scope="col" ta="right">
              {t.clicks}
            </Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {transitions.slice(0, LISTED).map(({ from, to, clicks }) => (
            <Table.Tr key={`${goesText(from, t)} ${goesText(to, t)}`}>
              <Table.Td className="address">{goesText(from, t)}</Table.Td>
              <Table.Td className="address">{goesText(to, t)}</Table.Td>
              <Table.Td ta="right">{format.number(clicks)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      {rest > 0 && (
        <Text size="sm" c="dimmed">
          {t.others(format.number(rest))}
        </Text>
      )}
    </Table.ScrollContainer>
  )
}
