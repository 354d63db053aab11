/** Time, comparison, filters and views: everything that changes the question, with its keys. */
import { ActionIcon, Button, Group, Menu, Select } from '@mantine/core'
import { IconChevronLeft, IconChevronRight, IconDots } from '@tabler/icons-react'
import { useState } from 'react'
import { type Action, useActions } from '~/shell/actions'
import { browserZone } from '~/texts/format'
import { useTexts } from '~/texts/texts'
import { askOf, useBoard } from './board'
import { AddFilter, Filters } from './Filters'
import { PERIOD_KEYS, PeriodMenu } from './PeriodMenu'
import { COMPARISONS, type Comparison, PERIODS, parse, USUAL } from './question'
import styles from './Statistics.module.css'
import { statisticsTexts } from './texts'
import { ViewsMenu } from './ViewsMenu'
import { useViews, viewId } from './views'
import { mayGoOn, shifted } from './window'

export function Toolbar({ now, began }: { now: Date; began: string | null }) {
  const t = useTexts(statisticsTexts)
  const board = useBoard()
  const { question, change, window } = board
  const { views } = useViews()
  const [open, setOpen] = useState<string | null>(null)
  const at = { now, zone: browserZone, began }
  const isAll = 'period' in question.span && question.span.period === 'all'
  const goesOn = mayGoOn(question, at)
  const go = (by: 1 | -1) => {
    if (isAll || (by === 1 && !goesOn)) return
    change({ ...question, span: shifted(question, by, at) })
  }
  const action = (
    id: string,
    label: string,
    keys: string | undefined,
    run: () => void,
  ): Action => ({
    id: `statistics-${id}`,
    label,
    keys,
    group: t.actions,
    run,
  })
  useActions([
    ...PERIODS.map(period =>
      action(period, t.periods[period], PERIOD_KEYS[period], () =>
        change({ ...question, span: { period }, interval: null }),
      ),
    ),
    action('earlier', t.previousPeriod, 'ArrowLeft', () => go(-1)),
    action('later', t.nextPeriod, 'ArrowRight', () => go(1)),
    action('compare', t.toggleCompare, 'x', () =>
      change({ ...question, compare: question.compare === 'none' ? USUAL.compare : 'none' }),
    ),
    action('filter', t.focusFilter, 'f', () => setOpen('new')),
    action('bots', t.toggleBots, 'b', () => change({ ...question, bots: !question.bots })),
    ...(question.filters.length
      ? [action('clear', t.clearAll, 'Escape', () => change({ ...question, filters: [] }))]
      : []),
    ...views.map(view => ({
      id: viewId(view.name),
      label: view.name,
      group: t.views,
      run: () => change(parse(view.search)),
    })),
  ])
  const clicks = new URLSearchParams({ ...askOf(board), format: 'csv' })
  return (
    <>
      <div className={styles.bar}>
        <PeriodMenu />
        <Group gap={4}>
          <ActionIcon
            variant="default"
            size={36}
            aria-label={t.earlier}
            disabled={isAll}
            onClick={() => go(-1)}
          >
            <IconChevronLeft size={16} />
          </ActionIcon>
          <ActionIcon
            variant="default"
            size={36}
            aria-label={t.later}
            disabled={isAll || !goesOn}
            onClick={() => go(1)}
          >
            <IconChevronRight size={16} />
          </ActionIcon>
        </Group>
        <Select
          w={240}
          aria-label={t.compare}
          allowDeselect={false}
          data={COMPARISONS.map(value => ({ value, label: t.comparisons[value] }))}
          value={window.before || !isAll ? question.compare : 'none'}
          disabled={isAll}
          onChange={value => change({ ...question, compare: value as Comparison })}
        />
        <AddFilter open={open} setOpen={setOpen} />
        <ViewsMenu />
        <Menu position="bottom-end">
          <Menu.Target>
            <ActionIcon variant="default" size={36} aria-label={t.more}>
              <IconDots size={16} />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item component="a" href={`/api/v1/clicks/export?${clicks}`} download>
              {t.exportClicks}
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
        {question.subject && (
          <Button variant="subtle" onClick={() => change({ ...question, subject: null })}>
            {t.allLinks}
          </Button>
        )}
      </div>
      <Filters open={open} setOpen={setOpen} />
    </>
  )
}
