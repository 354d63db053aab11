/** The streams as a table: all that the picture shows, for reading and for copying. */
import { Table } from '@mantine/core'
import { useFormat } from '~/texts/format'
import { useTexts } from '~/texts/texts'
import type { Flow } from './flow'
import type { Named } from './names'
import { whatIfTexts } from './texts'
import styles from './WhatIf.module.css'

interface Props {
  flow: Flow
  leftName: (id: string) => Named
  rightName: (id: string) => Named
  finding: string
  /** What the right side is called. */
  after: string
}

const ORDER = { changed: 0, unknown: 1, same: 2 }

export function FlowTable({ flow, leftName, rightName, finding, after }: Props) {
  const t = useTexts(whatIfTexts)
  const format = useFormat()
  const total = flow.streams.reduce((sum, { clicks }) => sum + clicks, 0)
  const rows = flow.streams.toSorted((a, b) => ORDER[a.kind] - ORDER[b.kind] || b.clicks - a.clicks)
  return (
    <Table.ScrollContainer minWidth={300}>
      <Table verticalSpacing={6} horizontalSpacing={6}>
        <caption className="unseen">{finding}</caption>
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">{t.now}</Table.Th>
            <Table.Th scope="col">{after}</Table.Th>
            <Table.Th scope="col" ta="right">
              {t.clicks}
            </Table.Th>
            <Table.Th scope="col" ta="right">
              {t.share}
            </Table.Th>
            <Table.Th scope="col">{t.state}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map(({ from, to, clicks, kind }) => (
            <Table.Tr key={`${from} ${to} ${kind}`}>
              <Table.Td>{leftName(from).name}</Table.Td>
              <Table.Td>{rightName(to).name}</Table.Td>
              <Table.Td ta="right">{format.number(clicks)}</Table.Td>
              <Table.Td ta="right">{format.share(total ? clicks / total : 0)}</Table.Td>
              <Table.Td className={styles.state} data-kind={kind}>
                {t.states[kind]}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  )
}
