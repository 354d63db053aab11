/** Clicks as they come, with where they went and how fast that was decided. */
import { Button, Switch } from '@mantine/core'
import { IconExternalLink, IconPlayerPause, IconPlayerPlay } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useMemo, useState } from 'react'
import { api, got } from '~/api/client'
import { ChartCard } from '~/charts/ChartCard'
import { engineOf } from '~/charts/engine'
import { Empty } from '~/parts/Empty'
import { PageTitle } from '~/parts/PageTitle'
import { useActions } from '~/shell/actions'
import { askOf, type Board, BoardProvider } from '~/statistics/board'
import { AddFilter, Filters, useFilterTexts } from '~/statistics/Filters'
import { fileParts, parse, print, type Search } from '~/statistics/question'
import { windowOf } from '~/statistics/window'
import { browserZone, useFormat } from '~/texts/format'
import { useTexts } from '~/texts/texts'
import { ArrivalMap } from './ArrivalMap'
import { ArrivalRow } from './ArrivalRow'
import styles from './Live.module.css'
import { isMine, type Opened } from './mine'
import { useLive } from './stream'
import { liveTexts } from './texts'

engineOf('map')

export default function LivePage() {
  const t = useTexts(liveTexts)
  const format = useFormat()
  const navigate = useNavigate()
  const search: Search = useSearch({ strict: false })
  const question = useMemo(() => parse(search), [search])
  const [openFilter, setOpenFilter] = useState<string | null>(null)
  const [opened, setOpened] = useState<Opened | null>(null)
  // Filters suggest what was seen in the last days.
  const [now] = useState(() => new Date())
  const board: Board = {
    question,
    window: windowOf({ ...question, compare: 'none' }, { now, zone: browserZone, began: null }),
    link: undefined,
    caption: t.about,
    file: fileParts(question),
    change: next => {
      const { period: _, compare: __, ...rest } = print(next)
      navigate({ to: '.', search: rest as never, replace: true })
    },
  }
  const { from: _, to: __, timezone: ___, ...filters } = askOf(board)
  const { arrivals, state, paused, pause, missed } = useLive(filters)
  const newest = useQuery({
    queryKey: ['links', 'newest'],
    queryFn: () => got(api.GET('/api/v1/links', { params: { query: { limit: 1 } } })),
  }).data?.data[0]
  const filterTexts = useFilterTexts(question.filters, undefined)
  useActions([
    {
      id: 'live-pause',
      label: paused ? t.goOn : t.pause,
      keys: 'p',
      group: t.actions,
      run: () => pause(!paused),
    },
    {
      id: 'live-bots',
      label: t.showBots,
      keys: 'b',
      group: t.actions,
      run: () => board.change({ ...question, bots: !question.bots }),
    },
  ])
  const waiting = arrivals.waiting.length
  return (
    <BoardProvider value={board}>
      <PageTitle title={t.title} about={t.about}>
        <Button
          variant="default"
          leftSection={
            paused ? (
              <IconPlayerPlay size={16} aria-hidden />
            ) : (
              <IconPlayerPause size={16} aria-hidden />
            )
          }
          onClick={() => pause(!paused)}
        >
          {paused ? (waiting ? t.goOnWith(format.number(waiting)) : t.goOn) : t.pause}
        </Button>
      </PageTitle>
      <div className={styles.bar}>
        <span className={styles.state} data-state={paused ? 'paused' : state} role="status">
          {paused ? t.paused : t.states[state]}
        </span>
        <span>{t.lastMinute(format.number(arrivals.minute.length))}</span>
        <AddFilter open={openFilter} setOpen={setOpenFilter} />
        <Switch
          label={t.showBots}
          checked={question.bots}
          onChange={() => board.change({ ...question, bots: !question.bots })}
        />
        {newest && (
          <Button
            component="a"
            href={newest.shortUrl}
            target="_blank"
            rel="noreferrer"
            variant="subtle"
            leftSection={<IconExternalLink size={16} aria-hidden />}
            onClick={() => setOpened({ link: newest.id, at: Date.now() })}
          >
            {t.open(newest.slug)}
          </Button>
        )}
      </div>
      <Filters open={openFilter} setOpen={setOpenFilter} />
      <div className={styles.grid}>
        {arrivals.drawn.length === 0 ? (
          <Empty title={t.waiting}>{t.waitingWhat}</Empty>
        ) : (
          <ChartCard
            title={t.arrivals}
            caption={filterTexts.join(' · ')}
            file={[t.title, ...board.file]}
            table={{
              columns: [t.when, t.where, t.visitor, t.source, t.link, t.took],
              rows: arrivals.drawn.map(click => [
                click.at,
                [click.city, click.country].filter(Boolean).join(', '),
                [click.device, click.os, click.browser].filter(Boolean).join(' '),
                click.referrerDomain ?? null,
                click.link,
                click.decisionMicroseconds ?? null,
              ]),
            }}
          >
            <ol className={styles.list}>
              {arrivals.drawn.map(click => (
                <ArrivalRow
                  key={click.id}
                  click={click}
                  mine={isMine(click, opened, navigator.userAgent)}
                />
              ))}
            </ol>
          </ChartCard>
        )}
        <ArrivalMap arrivals={arrivals.drawn} />
      </div>
      {0 < arrivals.skipped && <p>{t.skipped(format.number(arrivals.skipped))}</p>}
      {missed && <p>{t.missed}</p>}
    </BoardProvider>
  )
}
