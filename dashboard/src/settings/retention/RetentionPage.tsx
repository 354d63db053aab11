/** How long clicks are kept, by which settings, and whether any were lost. */
import { Alert, Code, Text } from '@mantine/core'
import { IconAlertTriangle, IconCheck } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { type About, aboutQuery } from '~/api/about'
import { Loaded } from '~/parts/Loaded'
import { PageTitle } from '~/parts/PageTitle'
import { useFormat } from '~/texts/format'
import { useTexts } from '~/texts/texts'
import { Entries, Entry } from '../Entries'
import { Section } from '../Section'
import { retentionTexts } from './texts'

/** What is kept, and the setting that says how long. */
const KEPT = [
  { kind: 'clicks', days: 'people', setting: 'WAYPOST_CLICK_DAYS' },
  { kind: 'bots', days: 'bots', setting: 'WAYPOST_BOT_DAYS' },
  { kind: 'conversions', days: 'conversions', setting: 'WAYPOST_CONVERSION_DAYS' },
] as const

export default function RetentionPage() {
  const t = useTexts(retentionTexts)
  const about = useQuery({ ...aboutQuery, refetchInterval: 10_000 })
  return (
    <>
      <PageTitle title={t.title} about={t.about} />
      <Loaded query={about} height={320}>
        {data => (
          <>
            <Retention about={data} />
            <Health about={data} />
          </>
        )}
      </Loaded>
    </>
  )
}

function Retention({ about }: { about: About }) {
  const t = useTexts(retentionTexts)
  const format = useFormat()
  return (
    <Section title={t.retention} about={t.how}>
      <Entries label={t.retention}>
        {KEPT.map(({ kind, days, setting }) => {
          const kept = about.retention[days]
          return (
            <Entry
              key={kind}
              title={t[kind]}
              facts={[
                t[`${kind}What` as const],
                <Code key="setting" bg="var(--sunken)" c="var(--text-2)">
                  {setting}
                </Code>,
              ]}
              actions={<Text>{kept == null ? t.forever : t.days(format.number(kept))}</Text>}
            />
          )
        })}
        <Entry title={t.totals} facts={[t.totalsWhat]} actions={<Text>{t.forever}</Text>} />
      </Entries>
    </Section>
  )
}

function Health({ about: { clicks, database, version } }: { about: About }) {
  const t = useTexts(retentionTexts)
  const format = useFormat()
  const figures: [string, string][] = [
    [t.waiting, t.bytes(format.number(clicks.waitingBytes))],
    [t.damaged, t.bytes(format.number(clicks.damagedBytes))],
    [t.unreadable, format.number(clicks.unreadable)],
    [t.blocks, t.sealed(format.number(clicks.blocks), format.number(clicks.sealed))],
    [t.database, database],
    [t.version, version],
  ]
  return (
    <Section title={t.health}>
      {clicks.failing && (
        <Alert color="red" title={t.failing} icon={<IconAlertTriangle aria-hidden />}>
          {t.failingWhat}
        </Alert>
      )}
      {0 < clicks.unrecorded ? (
        <Alert
          color="red"
          title={t.lost(format.number(clicks.unrecorded), clicks.unrecorded === 1)}
          icon={<IconAlertTriangle aria-hidden />}
        >
          {t.lostWhat}
        </Alert>
      ) : (
        !clicks.failing && (
          <Alert color="green" icon={<IconCheck aria-hidden />}>
            {t.good}
          </Alert>
        )
      )}
      <Entries label={t.health}>
        {figures.map(([label, value]) => (
          <Entry key={label} title={label} actions={<Text>{value}</Text>} />
        ))}
      </Entries>
    </Section>
  )
}
