/** When a link works: from when, until when, for how many clicks, and where it leads after that. */
import { Chip, Group, NumberInput, Radio, Stack, Text, TextInput } from '@mantine/core'
import { useFormat } from '~/texts/format'
import { useLanguage, useTexts } from '~/texts/texts'
import styles from './form.module.css'
import { endOfDay, fromField, inWords, toField } from './moment'
import { Section } from './Section'
import { formTexts } from './texts'
import type { LinkForm } from './useLinkForm'

/** How many days from now the ends are that are offered. */
const ENDS = [1, 7, 30, 90]

export function TimeFields({ form }: { form: LinkForm }) {
  const t = useTexts(formTexts)
  const language = useLanguage()
  const format = useFormat()
  const { values, set, fault } = form
  const limit = Number(values.clickLimit)
  const said = [
    values.startsAt && t.starts(inWords(values.startsAt, language), isPast(values.startsAt)),
    values.expiresAt && t.expires(inWords(values.expiresAt, language), isPast(values.expiresAt)),
    values.deleteAt && t.deletes(inWords(values.deleteAt, language)),
    values.clickLimit && t.limited(limit, format.number(limit), values.limitCounts),
  ].filter(Boolean)

  return (
    <Section
      title={t.when}
      now={said.join('; ') || t.always}
      hasFault={['startsAt', 'expiresAt', 'deleteAt', 'clickLimit', 'expiredDestination'].some(
        field => form.faults.has(field as never),
      )}
    >
      <div className={styles.pair}>
        <Moment form={form} field="startsAt" label={t.startsAt} />
        <Moment form={form} field="expiresAt" label={t.expiresAt} />
      </div>
      <Group gap="sm">
        <Text size="xs" c="dimmed">
          {t.endIn}
        </Text>
        {ENDS.map(days => (
          <Chip
            key={days}
            size="xs"
            checked={values.expiresAt === endOfDay(days)}
            onClick={() => set('expiresAt', endOfDay(days))}
          >
            {t.days(days)}
          </Chip>
        ))}
      </Group>
      <div className={styles.pair}>
        <NumberInput
          label={t.clickLimit}
          placeholder={t.noLimit}
          min={1}
          allowDecimal={false}
          allowNegative={false}
          hideControls
          value={values.clickLimit}
          onChange={value => set('clickLimit', String(value))}
          error={fault('clickLimit')}
        />
        <Radio.Group
          label={t.limitCounts}
          value={values.limitCounts}
          onChange={value => set('limitCounts', value as 'people' | 'everyone')}
          error={fault('limitCounts')}
        >
          <Stack gap={4} mt={4}>
            <Radio size="xs" value="people" label={t.people} />
            <Radio size="xs" value="everyone" label={t.everyone} />
          </Stack>
        </Radio.Group>
      </div>
      <TextInput
        label={t.expiredDestination}
        description={t.expiredDestinationWhat}
        placeholder="https://example.com/…"
        inputMode="url"
        spellCheck={false}
        value={values.expiredDestination}
        onChange={event => set('expiredDestination', event.currentTarget.value)}
        error={fault('expiredDestination')}
        classNames={{ input: styles.address }}
      />
      <Moment form={form} field="deleteAt" label={t.deleteAt} what={t.deleteAtWhat} />
    </Section>
  )
}

interface MomentProps {
  form: LinkForm
  field: 'startsAt' | 'expiresAt' | 'deleteAt'
  label: string
  /** What it means, while it is empty. */
  what?: string
}

/** The browser's own field: it knows the reader's order of day and month, and every key. */
function Moment({ form, field, label, what = ' ' }: MomentProps) {
  const language = useLanguage()
  const value = form.values[field]
  return (
    <TextInput
      type="datetime-local"
      label={label}
      description={value ? inWords(value, language) : what}
      inputWrapperOrder={['label', 'input', 'error', 'description']}
      value={toField(value)}
      onChange={event => form.set(field, fromField(event.currentTarget.value))}
      error={form.fault(field)}
    />
  )
}

function isPast(iso: string): boolean {
  return Date.parse(iso) < Date.now()
}
