/** The moment of the click: now, or another one, in the zone of whoever looks. */
import { SegmentedControl, Text, TextInput } from '@mantine/core'
import { useId } from 'react'
import { browserZone } from '~/texts/format'
import { useTexts } from '~/texts/texts'
import { isoOf, localOf } from './moment'
import { visitorsTexts } from './texts'
import styles from './Visitor.module.css'

interface Props {
  at: string | undefined
  onChange: (at: string | undefined) => void
}

export function WhenInput({ at, onChange }: Props) {
  const t = useTexts(visitorsTexts).form
  const id = useId()
  return (
    <fieldset className={styles.field}>
      <legend id={id}>{t.when}</legend>
      <SegmentedControl
        fullWidth
        size="xs"
        aria-labelledby={id}
        data={[
          { value: 'now', label: t.now },
          { value: 'at', label: t.at },
        ]}
        value={at ? 'at' : 'now'}
        onChange={kind => onChange(kind === 'now' ? undefined : wholeMinute(Date.now()))}
      />
      {at && (
        <>
          <TextInput
            mt={4}
            type="datetime-local"
            aria-label={t.at}
            value={localOf(at)}
            onChange={event => onChange(isoOf(event.currentTarget.value) ?? at)}
          />
          <Text size="xs" c="dimmed">
            {t.zone(browserZone)}
          </Text>
        </>
      )}
    </fieldset>
  )
}

const wholeMinute = (now: number) => new Date(now - (now % 60_000)).toISOString()
