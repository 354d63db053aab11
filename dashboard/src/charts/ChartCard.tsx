/** What stands around every chart: its title, what it says in a sentence, its table, and its files. */
import { ActionIcon } from '@mantine/core'
import { IconChartBar, IconTable } from '@tabler/icons-react'
import { type ReactNode, useId, useState } from 'react'
import { notifyProblem } from '~/shell/notices'
import { useTexts } from '~/texts/texts'
import styles from './Card.module.css'
import { useColors } from './colors'
import { Figures } from './Figures'
import { type Picture, png, save } from './picture'
import { SaveMenu } from './SaveMenu'
import { csv, fileName, type Table } from './table'
import { chartTexts } from './texts'

export interface CardProps {
  title: string
  /** What the chart shows, in one sentence: read where the chart cannot be seen. */
  finding?: string
  /** Whether the finding is read only, as the chart itself makes it plain. */
  findingUnseen?: boolean
  /** Time, filters and what is left out, for pictures. */
  caption: string
  /** What files are named by, without `waypost` before and the extension after. */
  file: readonly string[]
  /** All that the chart shows; none yet, no files yet. */
  table?: Table
  /** Whether what is shown is of the question before. */
  old?: boolean
  /** Switches of this chart alone. */
  tools?: ReactNode
  /** Which of several charts is shown. */
  tabs?: ReactNode
  className?: string
}

interface Props extends CardProps {
  /** The chart as a picture. */
  picture?: () => Picture
  children: ReactNode
}

export function ChartCard({ title, finding, table, picture, old, children, ...rest }: Props) {
  const t = useTexts(chartTexts)
  const colors = useColors()
  const heading = useId()
  const [asTable, setAsTable] = useState(false)
  const shown = asTable && table

  const keepCsv = () =>
    table && save(new Blob([csv(table)], { type: 'text/csv' }), fileName(rest.file, 'csv'))
  const keepPng = () =>
    picture &&
    png(picture(), { title, caption: rest.caption }, colors)
      .then(blob => save(blob, fileName(rest.file, 'png')))
      .catch(notifyProblem)

  return (
    <section className={`${styles.card} ${rest.className ?? ''}`} aria-labelledby={heading}>
      <div className={styles.head}>
        <h2 id={heading} className={styles.title}>
          {title}
        </h2>
        {rest.tools}
        {table && (
          <div className={styles.tools}>
            <ActionIcon
              variant="subtle"
              title={asTable ? t.asChart : t.asTable}
              aria-label={`${title}: ${t.asTable}`}
              aria-pressed={asTable}
              onClick={() => setAsTable(!asTable)}
            >
              {asTable ? <IconChartBar size={16} /> : <IconTable size={16} />}
            </ActionIcon>
            <SaveMenu
              title={title}
              keepCsv={keepCsv}
              // A picture of a table is of no use to anybody.
              keepPng={picture && !asTable ? keepPng : undefined}
            />
          </div>
        )}
      </div>
      {rest.tabs && <div className={styles.tabs}>{rest.tabs}</div>}
      {finding && <p className={rest.findingUnseen ? 'unseen' : styles.finding}>{finding}</p>}
      <div className={styles.body} data-old={old || undefined} aria-busy={old || undefined}>
        {shown ? <Figures title={t.rows(title)} table={shown} /> : children}
      </div>
    </section>
  )
}
