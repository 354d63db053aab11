/** Where a link leads: its address, what stands there, and its UTM parameters apart. */
import { Alert, Group, Skeleton, Stack, Text, TextInput } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { previewOf } from '~/api/destinations'
import { isAddress, withScheme } from '~/parts/address'
import { useTexts } from '~/texts/texts'
import styles from './form.module.css'
import { Section } from './Section'
import { formTexts } from './texts'
import type { LinkForm } from './useLinkForm'
import { joinUtm, splitUtm, UTM } from './utm'

export function DestinationField({ form }: { form: LinkForm }) {
  const t = useTexts(formTexts)
  const { values, set, fault } = form
  const [left, setLeft] = useState(form.link ? '' : values.destination)
  return (
    <div>
      <TextInput
        id="link-destination"
        label={t.destination}
        description={form.link ? undefined : t.destinationWhat}
        placeholder="https://example.com/…"
        inputMode="url"
        autoComplete="off"
        spellCheck={false}
        required
        data-autofocus={form.link ? undefined : true}
        value={values.destination}
        onChange={event => set('destination', event.currentTarget.value)}
        onBlur={() => {
          const address = withScheme(values.destination)
          if (address !== values.destination) set('destination', address)
          setLeft(address)
        }}
        error={fault('destination')}
        classNames={{ input: styles.address }}
      />
      {isAddress(left) && left === values.destination && <Preview url={left} form={form} />}
    </div>
  )
}

/** What stands there, once the field is left. */
function Preview({ url, form }: { url: string; form: LinkForm }) {
  const t = useTexts(formTexts)
  const { data, isPending, isError } = useQuery({
    queryKey: ['preview', url],
    queryFn: ({ signal }) => previewOf(url, signal),
    staleTime: 300_000,
    retry: false,
  })
  if (isPending) return <Skeleton height={40} mt="sm" aria-label={t.looking} />
  if (isError || !data) return null
  const isBroken = typeof data.status === 'number' && 400 <= data.status
  const { title } = data
  return (
    <Stack gap="sm" mt="sm">
      <Group gap="sm" wrap="nowrap" className={styles.preview}>
        {data.icon?.startsWith('data:') && <img src={data.icon} width={20} height={20} alt="" />}
        <div className={styles.previewWords}>
          <Text size="sm" truncate>
            {title || data.problem || t.noTitle}
          </Text>
          {data.status && (
            <Text size="xs" c={isBroken ? 'var(--bad)' : 'dimmed'}>
              {isBroken ? t.answersBadly(data.status) : t.answers(data.status)}
            </Text>
          )}
        </div>
        {title && form.values.title !== title && (
          <button type="button" className={styles.take} onClick={() => form.set('title', title)}>
            {t.takeTitle}
          </button>
        )}
      </Group>
      {(data.warnings ?? []).map(warning => (
        <Alert
          key={warning.kind}
          variant="default"
          icon={<IconAlertTriangle color="var(--unknown)" aria-hidden />}
          p="sm"
          title={warning.message}
        />
      ))}
    </Stack>
  )
}

export function UtmFields({ form }: { form: LinkForm }) {
  const t = useTexts(formTexts)
  const utm = splitUtm(form.values.destination)
  const said = UTM.filter(part => utm[part] !== '').map(part => `${part}: ${utm[part]}`)
  return (
    <Section title={t.utm} now={said.join(', ') || t.none}>
      <Text size="xs" c="dimmed">
        {t.utmWhat}
      </Text>
      <div className={styles.pair}>
        {UTM.map(part => (
          <TextInput
            key={part}
            label={t.utmPart[part]}
            placeholder={t.utmExample[part]}
            value={utm[part]}
            onChange={event =>
              form.set(
                'destination',
                joinUtm(form.values.destination, part, event.currentTarget.value),
              )
            }
          />
        ))}
      </div>
    </Section>
  )
}
