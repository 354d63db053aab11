/** A chart's table: the same figures, for those who would rather read. */
import { Table } from '@mantine/core'
import { useFormat } from '~/texts/format'
import styles from './Card.module.css'
import type { Cell, Table as Rows } from './table'

export function Figures({ title, table }: { title: string; table: Rows }) {
  const format = useFormat()
  const written = (cell: Cell) => (typeof cell === 'number' ? format.number(cell) : (cell ?? '–'))
  const right = (place: number) =>
    typeof table.rows[0]?.[place] === 'number' ? ('right' as const) : undefined
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keys
    <section className={styles.scroll} tabIndex={0} aria-label={title}>
      <Table>
        <Table.Thead>
          <Table.Tr>
            {table.columns.map((column, place) => (
              <Table.Th key={column} scope="col" ta={right(place)}>
                {column}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {table.rows.map(row => (
            <Table.Tr key={row.join('|')}>
              {table.columns.map((column, place) => (
                <Table.Td key={column} ta={right(place)}>
                  {written(row[place] ?? null)}
                </Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </section>
  )
}
