/** All that is told of some clicks: the parts of both pages, over all links and of one. */
import { useInterval } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { type ReactNode, useEffect, useMemo, useState } from 'react'
import { engineOf } from '~/charts/engine'
import { browserZone } from '~/texts/format'
import { useLanguage, useTexts } from '~/texts/texts'
import { BreakdownCard } from './BreakdownCard'
import { beganQuery } from './began'
import { type Board, BoardProvider } from './board'
import { dayIn } from './days'
import { ExperimentsCard } from './ExperimentsCard'
import { useFilterTexts } from './Filters'
import { Foot } from './Foot'
import { Headlines, type Measure } from './Headlines'
import { HoursCard } from './HoursCard'
import { LitProvider } from './lit'
import { MapCard } from './MapCard'
import { Nothing } from './Nothing'
import { Part } from './Part'
import { timeText } from './PeriodMenu'
import { fileParts, parse, print, type Question, type Search } from './question'
import { RulesCard } from './RulesCard'
import { remember, remembered } from './remembered'
import { SeriesCard } from './SeriesCard'
import styles from './Statistics.module.css'
import { Toolbar } from './Toolbar'
import { statisticsTexts } from './texts'
import { UnknownsCard } from './UnknownsCard'
import { UnmatchedCard } from './UnmatchedCard'
import { windowOf } from './window'

// Whoever points at a link to this page has it and what draws its charts on the way.
engineOf('line')
engineOf('map')

const MINUTE_MS = 60_000

interface Props {
  link?: string
  /** The page's heading, which may depend on the question. */
  heading?: (question: Question) => ReactNode
}

export function Everything({ link, heading }: Props) {
  const language = useLanguage()
  const navigate = useNavigate()
  const search: Search = useSearch({ strict: false })
  const now = useMinute()
  const question = useMemo(() => parse(search), [search])
  const zone = question.zone ?? browserZone
  const today = dayIn(zone, now)
  const isAll = 'period' in question.span && question.span.period === 'all'
  const began = useQuery({
    ...beganQuery(link ? { link } : {}, zone, today),
    enabled: isAll,
  }).data
  const window = windowOf(question, { now, zone: browserZone, began: began ?? null })
  const caption = useCaption(question, link, timeText(window, language))

  const go = (search: Search) => navigate({ to: '.', search: search as never, replace: false })
  // An address that says nothing is of somebody who comes back, or who was never here.
  const isBare = Object.keys(print(question)).length === 0
  // biome-ignore lint/correctness/useExhaustiveDependencies: on the way in alone
  useEffect(() => {
    const last = remembered()
    if (isBare && Object.keys(last).length) {
      navigate({ to: '.', search: last as never, replace: true })
    }
  }, [link])

  const board: Board = {
    question,
    window,
    link,
    caption,
    file: fileParts(question),
    change: next => {
      const search = print(next)
      // A tag belongs to the page over all links, not to each of them.
      remember({ ...search, by: undefined })
      go(search)
    },
  }
  return (
    <BoardProvider value={board}>
      {heading?.(question)}
      <Toolbar now={now} began={began ?? null} />
      <LitProvider>
        <Parts link={link} />
      </LitProvider>
      <Foot />
    </BoardProvider>
  )
}

const BREAKDOWNS = [
  { title: 'sources', dimensions: ['referrerDomain', 'social', 'referrer', 'qr'] },
  { title: 'places', dimensions: ['country', 'region', 'city'] },
  {
    title: 'utm',
    dimensions: ['utmSource', 'utmMedium', 'utmCampaign', 'utmTerm', 'utmContent'],
  },
  {
    title: 'devices',
    dimensions: ['device', 'os', 'osVersion', 'browser', 'browserVersion', 'brand'],
  },
  { title: 'network', dimensions: ['language', 'isp', 'asn', 'datacenter', 'vpn'] },
] as const

function Parts({ link }: { link: string | undefined }) {
  const t = useTexts(statisticsTexts)
  const [measure, setMeasure] = useState<Measure>('clicks')
  return (
    <div className={styles.grid}>
      <Headlines measure={measure} choose={setMeasure} />
      <Nothing />
      <Part wide>
        <SeriesCard measure={measure} />
      </Part>
      <Part>
        {link ? (
          <RulesCard link={link} />
        ) : (
          <BreakdownCard
            title={t.links}
            dimensions={['link', 'tag', 'domain', 'folder', 'outcome']}
          />
        )}
      </Part>
      <Part>
        <MapCard />
      </Part>
      {link && <ExperimentsCard link={link} />}
      {BREAKDOWNS.slice(0, 3).map(it => (
        <Part key={it.title}>
          <BreakdownCard title={t[it.title]} dimensions={it.dimensions} />
        </Part>
      ))}
      <Part>
        <HoursCard />
      </Part>
      {BREAKDOWNS.slice(3).map(it => (
        <Part key={it.title}>
          <BreakdownCard title={t[it.title]} dimensions={it.dimensions} />
        </Part>
      ))}
      <Part>
        <UnknownsCard />
      </Part>
      <Part>
        {link ? (
          <BreakdownCard title={t.outcomes} dimensions={['outcome', 'returning', 'revision']} />
        ) : (
          <UnmatchedCard />
        )}
      </Part>
      <Bots />
    </div>
  )
}

/** Who the bots are, once they are counted. */
function Bots() {
  const t = useTexts(statisticsTexts)
  const search: Search = useSearch({ strict: false })
  if (!parse(search).bots) return null
  return (
    <Part wide>
      <BreakdownCard title={t.bots} dimensions={['class', 'reason']} />
    </Part>
  )
}

/** The time, the filters, and whether bots are in it: what stands on every picture. */
function useCaption(question: Question, link: string | undefined, time: string): string {
  const t = useTexts(statisticsTexts)
  const filters = useFilterTexts(question.filters, link)
  const { subject } = question
  const of = subject ? [`${t.dimensions[subject.by]} ${subject.value}`] : []
  return [time, ...of, ...filters, question.bots ? t.botsIn : t.botsLeftOut].join(' · ')
}

/** The moment, to the minute: what is asked about changes no more often. */
function useMinute(): Date {
  const minute = () => Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS
  const [at, setAt] = useState(minute)
  useInterval(() => setAt(minute()), 5_000, { autoInvoke: true })
  return useMemo(() => new Date(at), [at])
}
