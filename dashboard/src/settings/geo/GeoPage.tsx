/** What tells places and networks here, how old it is, and what nobody tells. */
import { Alert, Text } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { type About, aboutQuery, type Source } from '~/api/about'
import { Loaded } from '~/parts/Loaded'
import { PageTitle } from '~/parts/PageTitle'
import { useFormat } from '~/texts/format'
import { useTexts } from '~/texts/texts'
import { Entries, Entry } from '../Entries'
import { Section } from '../Section'
import { isOld, untold } from './sources'
import { geoTexts } from './texts'

export default function GeoPage() {
  const t = useTexts(geoTexts)
  const about = useQuery(aboutQuery)
  return (
    <>
      <PageTitle title={t.title} about={t.about} />
      <Loaded query={about}>{data => <Sources about={data} />}</Loaded>
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
  const missing = untold(about.geo)
  return (
    <>
      <Section title={t.sources}>
        <Entries label={t.sources}>
          {about.geo.map(source => (
            <SourceEntry key={source.name} source={source} />
          ))}
          {about.geoProblems.map(({ file, error, kept }) => (
            <Entry key={file} title={<span className="address">{file}</span>}>
              <Alert color="red" title={kept ? t.keptBefore : t.notUsed} mt="sm">
                {error}
              </Alert>
            </Entry>
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
  const { name, kind, builtIn, builtAt, ageDays, knows, attribution } = source
  return (
    <Entry
      title={kind}
      facts={[
        <span key="name" className={builtIn ? undefined : 'address'}>
          {builtIn ? t.builtIn : name}
        </span>,
        knows.length > 0 && t.tells(knows.map(fact => t.field[fact] ?? fact).join(', ')),
        builtAt && ageDays != null && t.builtAt(format.date(builtAt), t.days(ageDays)),
        attribution,
      ]}
    >
      {isOld(source) && (
        <Alert color="yellow" mt="sm" icon={<IconAlertTriangle size={18} aria-hidden />}>
          {builtIn ? t.oldBuiltIn : t.old}
        </Alert>
      )}
    </Entry>
  )
}
