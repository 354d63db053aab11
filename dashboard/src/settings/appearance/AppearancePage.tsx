/** Theme, language, time zone, and whether single keys do something. */
import { Button, Radio, SegmentedControl, Select, Stack, Switch } from '@mantine/core'
import { useState } from 'react'
import { PageTitle } from '~/parts/PageTitle'
import { useOffered } from '~/shell/actions'
import { type Look, useLook } from '~/shell/look'
import { systemZone } from '~/texts/format'
import { LANGUAGES, useLanguage, useTexts } from '~/texts/texts'
import { Section } from '../Section'
import { appearanceTexts } from './texts'

const SYSTEM = 'system'

export default function AppearancePage() {
  const t = useTexts(appearanceTexts)
  const { look, change } = useLook()
  const language = useLanguage()
  const sheet = useOffered().find(action => action.id === 'keys')
  // Neither tells by itself when it changes.
  const [zone, setZone] = useState(look.timezone)
  const [keys, setKeys] = useState(look.singleKeys)
  const zones = [
    { value: SYSTEM, label: t.asBrowser(systemZone) },
    ...Intl.supportedValuesOf('timeZone').map(zone => ({ value: zone, label: zone })),
  ]
  return (
    <>
      <PageTitle title={t.title} about={t.about} />
      <Section title={t.theme}>
        <SegmentedControl
          aria-label={t.theme}
          value={look.theme}
          onChange={theme => change({ theme: theme as Look['theme'] })}
          data={Object.entries(t.themes).map(([value, label]) => ({ value, label }))}
          maw={420}
        />
      </Section>
      <Section title={t.language}>
        <Radio.Group
          aria-label={t.language}
          value={language}
          onChange={language => change({ language: language as Look['language'] })}
        >
          <Stack gap="sm">
            {Object.entries(LANGUAGES).map(([code, name]) => (
              <Radio key={code} value={code} label={<span lang={code}>{name}</span>} />
            ))}
          </Stack>
        </Radio.Group>
      </Section>
      <Section title={t.zone} about={t.zoneWhat}>
        <Select
          aria-label={t.zone}
          data={zones}
          searchable
          allowDeselect={false}
          maw={320}
          value={zone ?? SYSTEM}
          onChange={value => {
            const timezone = value === SYSTEM ? null : value
            setZone(timezone)
            change({ timezone })
          }}
        />
      </Section>
      <Section title={t.keys}>
        <Switch
          label={t.singleKeys}
          description={t.singleKeysWhat}
          checked={keys}
          onChange={event => {
            setKeys(event.currentTarget.checked)
            change({ singleKeys: event.currentTarget.checked })
          }}
        />
        {sheet && (
          <div>
            <Button variant="default" onClick={sheet.run}>
              {t.sheet}
            </Button>
          </div>
        )}
      </Section>
    </>
  )
}
