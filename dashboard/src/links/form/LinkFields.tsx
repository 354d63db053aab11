/** Every field of a link, those first that each link needs. */
import { Alert, Anchor, List, Stack, Text } from '@mantine/core'
import { useEffect, useRef } from 'react'
import { useTexts } from '~/texts/texts'
import { AddressFields } from './AddressFields'
import { AnswerFields, PasswordField } from './AnswerFields'
import { CardFields } from './CardFields'
import { Conflict } from './Conflict'
import { DestinationField, UtmFields } from './DestinationFields'
import { LabelFields } from './LabelFields'
import { PixelFields } from './PixelFields'
import { TimeFields } from './TimeFields'
import { formTexts } from './texts'
import type { LinkForm } from './useLinkForm'

export function LinkFields({ form }: { form: LinkForm }) {
  return (
    <Stack gap="lg">
      <Conflict form={form} />
      <Faults form={form} />
      <DestinationField form={form} />
      <AddressFields form={form} />
      <LabelFields form={form} />
      <div>
        <UtmFields form={form} />
        <TimeFields form={form} />
        <PasswordField form={form} />
        <AnswerFields form={form} />
        <CardFields form={form} />
        <PixelFields form={form} />
      </div>
    </Stack>
  )
}

/** What the server refused, each with a way to its field (WCAG 3.3.1). */
function Faults({ form }: { form: LinkForm }) {
  const t = useTexts(formTexts)
  const frame = useRef<HTMLDivElement>(null)
  const { faults, problem } = form
  const isWrong = 0 < faults.size || problem !== undefined
  useEffect(() => {
    if (!isWrong) return
    frame.current?.scrollIntoView({ block: 'nearest' })
    toFault(frame.current)
  }, [isWrong])
  if (!isWrong) return null
  return (
    <Alert ref={frame} color="red" title={t.notSaved} role="alert">
      {problem && <Text size="sm">{problem}</Text>}
      {0 < faults.size && (
        <List size="sm">
          {[...faults].map(([field, detail], index) => (
            <List.Item key={field}>
              <Anchor
                component="button"
                type="button"
                onClick={() => toFault(frame.current, index)}
              >
                {t.fields[field]}
              </Anchor>
              : {detail}
            </List.Item>
          ))}
        </List>
      )}
    </Alert>
  )
}

/** Goes to a field that is wrong: fields say so themselves. */
function toFault(frame: HTMLElement | null, index = 0) {
  const form = frame?.closest('form')
  const fields = form?.querySelectorAll<HTMLElement>('[aria-invalid="true"]') ?? []
  fields[Math.min(index, fields.length - 1)]?.focus()
}
