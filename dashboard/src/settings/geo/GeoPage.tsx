/** What tells places and networks here, how old it is, and what nobody tells. */
import { Alert, Text } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { type About, aboutQuery, type Source } from '~/api/about'
import { Problem } from '~/api/problem'
import { Loaded } from '~/parts/Loaded'
import { PageTitle } from '~/parts/PageTitle'
import { useFormat } from '~/texts/format'
import { useTexts } from '~/texts/texts'
import { Entries, Entry } from '../Entries'
import { Section } from '../Section'
import { AMBER_DAYS, untold } from './sources'
import { geoTexts } from './texts'

export default function GeoPage() {
  const t = useTexts(geoTexts)
  const about = useQuery(aboutQuery)
  const tellsNothing = about.error instanceof Problem && about.error.status === 404
  return (
    <>
      <PageTitle title={t.title} about={t.about} />
      {tellsNothing ? (
        <Text c="dimmed" mb="lg">
          {t.noAbout}
        </Text>
      ) : (
        <Loaded query={about}>{data => <Sources about={data} />}</Loaded>
      )}
      <Section title={t.add} about={t.addWhat}>
        <Entries label={t.add}>
          {t.kinds.map(([kind, what]) => (
            <Entry key={kind} title={kind} facts={[what]} />
          ))}
        </Entries>
      </Section>
    </>
  )
}

function Sources({ about }: { about: About }) {
  const t = useTexts(geoTexts)
  const words = (fields: string[]) => fields.map(field => t.field[field] ?? field).join(', ')
  const missing = untold(about.sources)
  return (
    <>
      <Section title={t.sources}>
        <Entries label={t.sources}>
          {about.sources.map(source => (
            <SourceEntry key={source.file ?? source.name} source={source} />
          ))}
        </Entries>
      </Section>
      <Section title={t.missing}>
        <Text size="sm">{missing.length ? t.missingWhat(words(missing)) : t.allTold}</Text>
      </Section>
    </>
  )
}

function SourceEntry({ source }: { source: Source }) {
  const t = useTexts(geoTexts)
  const format = useFormat()
  const { name, file, builtAt, ageDays, fields, attribution, problem } = source
  const isOld = ageDays !== null && AMBER_DAYS <= ageDays
  return (
    <Entry
      title={name}
      facts={[
        <span key="file" className="address">
          {file ?? t.builtIn}
        </span>,
        fields.length > 0 && t.tells(fields.map(field => t.field[field] ?? field).join(', ')),
        builtAt && ageDays !== null && t.builtAt(format.date(builtAt), t.days(ageDays)),
        attribution,
      ]}
    >
      {problem && (
        <Alert color="red" title={t.notUsed} mt="sm">
          {problem}
        </Alert>
      )}
      {isOld && (
        <Alert color="yellow" mt="sm" icon={<IconAlertTriangle size={18} aria-hidden />}>
          {file ? t.old : t.oldBuiltIn}
        </Alert>
      )}
    </Entry>
  )
}
