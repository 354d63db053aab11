/** Where a webhook sends to, and what it hears of. */
import { Checkbox, Radio, Stack, TextInput } from '@mantine/core'
import { useState } from 'react'
import type { Schemas } from '~/api/client'
import { useTexts } from '~/texts/texts'
import { Form } from '../Form'
import { settingsTexts } from '../texts'
import { webhooksTexts } from './texts'

type Webhook = Schemas['Webhook']

/** What a webhook can hear of; a test comes to every one. */
const EVENTS = [
  'link.created',
  'link.updated',
  'link.deleted',
  'domain.created',
  'domain.updated',
  'domain.deleted',
  'conversion.created',
]

interface Props {
  before?: Webhook
  waiting: boolean
  problem: Error | null
  onWish: (wish: Schemas['WebhookChange']) => void
  onCancel: () => void
}

export function WebhookForm({ before, waiting, problem, onWish, onCancel }: Props) {
  const t = useTexts(webhooksTexts)
  const s = useTexts(settingsTexts)
  const [url, setUrl] = useState(before?.url ?? '')
  const [description, setDescription] = useState(before?.description ?? '')
  const [everything, setEverything] = useState(!before?.events)
  const [events, setEvents] = useState(before?.events ?? [])
  const [enabled, setEnabled] = useState(before?.enabled ?? true)
  const nothing = !everything && events.length === 0
  return (
    <Form
      label={before ? s.save : t.make}
      waiting={waiting}
      problem={problem}
      fields={['url', 'description']}
      disabled={nothing}
      onSubmit={() => {
        onWish({
          url: url.trim(),
          description: description.trim(),
          events: everything ? null : events,
          enabled,
        })
      }}
      onCancel={onCancel}
    >
      {fault => (
        <>
          <TextInput
            label={t.url}
            description={t.urlWhat}
            type="url"
            required
            withAsterisk={false}
            autoFocus
            placeholder="https://example.com/waypost"
            value={url}
            error={fault('url')}
            onChange={event => setUrl(event.currentTarget.value)}
          />
          <TextInput
            label={t.description}
            value={description}
            error={fault('description')}
            onChange={event => setDescription(event.currentTarget.value)}
          />
          <Radio.Group
            label={t.events}
            value={everything ? 'everything' : 'chosen'}
            onChange={value => setEverything(value === 'everything')}
          >
            <Stack gap="sm" mt="xs">
              <Radio value="everything" label={t.everything} />
              <Radio value="chosen" label={t.chosen} />
            </Stack>
          </Radio.Group>
          {!everything && (
            <Checkbox.Group
              aria-label={t.chosen}
              value={events}
              onChange={setEvents}
              error={nothing ? t.chooseOne : undefined}
            >
              <Stack gap="sm">
                {EVENTS.map(name => (
                  <Checkbox key={name} value={name} label={t.event[name]} description={name} />
                ))}
              </Stack>
            </Checkbox.Group>
          )}
          {before && (
            <Checkbox
              label={t.enabled}
              checked={enabled}
              onChange={event => setEnabled(event.currentTarget.checked)}
            />
          )}
        </>
      )}
    </Form>
  )
}
