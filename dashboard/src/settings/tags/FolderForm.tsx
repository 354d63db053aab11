/** A folder's name, and what its new links begin with. */
import { Group, NativeSelect, NumberInput, Textarea, TextInput } from '@mantine/core'
import { useState } from 'react'
import type { Schemas } from '~/api/client'
import { parametersOf, textOfParameters } from '~/parts/parameters'
import { useTexts } from '~/texts/texts'
import { Form } from '../Form'
import { settingsTexts } from '../texts'
import { tagsTexts } from './texts'

interface Props {
  before?: Schemas['Folder']
  domains: string[]
  waiting: boolean
  problem: Error | null
  onWish: (wish: Schemas['FolderChange'] & { domain: string }) => void
  onCancel: () => void
}

export function FolderForm({ before, domains, waiting, problem, onWish, onCancel }: Props) {
  const t = useTexts(tagsTexts)
  const s = useTexts(settingsTexts)
  const [name, setName] = useState(before?.name ?? '')
  const [domain, setDomain] = useState(before?.domain ?? domains[0] ?? '')
  const [prefix, setPrefix] = useState(before?.prefix ?? '')
  const [days, setDays] = useState<number | null>(before?.expiresAfterDays ?? null)
  const [lines, setLines] = useState(textOfParameters(before?.parameters ?? {}))
  const parameters = parametersOf(lines)
  return (
    <Form
      label={before ? s.save : t.make}
      waiting={waiting}
      problem={problem}
      fields={['name', 'prefix', 'expiresAfterDays', 'parameters']}
      disabled={'wrong' in parameters}
      onSubmit={() => {
        if (!('values' in parameters)) return
        onWish({
          domain,
          name: name.trim(),
          prefix: prefix.trim() || null,
          expiresAfterDays: days,
          parameters: parameters.values,
        })
      }}
      onCancel={onCancel}
    >
      {fault => (
        <>
          <Group align="flex-start">
            <TextInput
              label={t.name}
              required
              withAsterisk={false}
              autoFocus
              value={name}
              error={fault('name')}
              onChange={event => setName(event.currentTarget.value)}
            />
            {!before && 1 < domains.length && (
              <NativeSelect
                label={t.domain}
                data={domains}
                value={domain}
                onChange={event => setDomain(event.currentTarget.value)}
              />
            )}
          </Group>
          <Group align="flex-start">
            <TextInput
              label={t.prefix}
              description={t.prefixWhat}
              value={prefix}
              error={fault('prefix')}
              onChange={event => setPrefix(event.currentTarget.value)}
            />
            <NumberInput
              label={t.expiresAfter}
              description={t.expiresAfterWhat}
              min={1}
              hideControls
              value={days ?? ''}
              error={fault('expiresAfterDays')}
              onChange={value => setDays(typeof value === 'number' ? value : null)}
            />
          </Group>
          <Textarea
            label={t.parameters}
            description={t.parametersWhat}
            autosize
            minRows={2}
            maw={420}
            spellCheck={false}
            value={lines}
            error={'wrong' in parameters ? t.parametersBad(parameters.wrong) : fault('parameters')}
            onChange={event => setLines(event.currentTarget.value)}
          />
        </>
      )}
    </Form>
  )
}
