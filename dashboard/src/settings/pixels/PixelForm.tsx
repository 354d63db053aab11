/** Whom a pixel tells, and by which id. */
import { Group, NativeSelect, TextInput } from '@mantine/core'
import { useState } from 'react'
import type { Schemas } from '~/api/client'
import { useTexts } from '~/texts/texts'
import { Form } from '../Form'
import { settingsTexts } from '../texts'
import { pixelsTexts } from './texts'

/** How each service's ids look. */
const EXAMPLES: Record<string, string> = {
  facebook: '1234567890123456',
  googleAnalytics: 'G-AB12CD34EF',
  googleAds: 'AW-123456789',
  googleTagManager: 'GTM-AB12CD3',
  linkedin: '1234567',
  twitter: 'o1a2b',
  tiktok: 'C4A1B2C3D4E5F6G7H8I9',
  pinterest: '2612345678901',
  bing: '12345678',
  quora: '0123456789abcdef0123456789abcdef',
  image: 'https://example.com/pixel.gif',
}

interface Props {
  before?: Schemas['Pixel']
  waiting: boolean
  problem: Error | null
  onWish: (wish: Schemas['NewPixel']) => void
  onCancel: () => void
}

export function PixelForm({ before, waiting, problem, onWish, onCancel }: Props) {
  const t = useTexts(pixelsTexts)
  const s = useTexts(settingsTexts)
  const [name, setName] = useState(before?.name ?? '')
  const [kind, setKind] = useState(before?.kind ?? 'facebook')
  const [code, setCode] = useState(before?.code ?? '')
  return (
    <Form
      label={before ? s.save : t.make}
      waiting={waiting}
      problem={problem}
      fields={['name', 'code']}
      onSubmit={() => {
        onWish({ name: name.trim(), kind, code: code.trim() })
      }}
      onCancel={onCancel}
    >
      {fault => (
        <>
          <TextInput
            label={t.name}
            required
            withAsterisk={false}
            autoFocus
            maw={420}
            value={name}
            error={fault('name')}
            onChange={event => setName(event.currentTarget.value)}
          />
          <Group align="flex-start">
            <NativeSelect
              label={t.kind}
              description={'\u00a0'}
              data={Object.entries(t.kinds).map(([value, label]) => ({ value, label }))}
              value={kind}
              onChange={event => setKind(event.currentTarget.value)}
            />
            <TextInput
              label={t.code}
              description={t.codeLike(EXAMPLES[kind] ?? '')}
              required
              withAsterisk={false}
              flex="1 1 240px"
              value={code}
              error={fault('code')}
              onChange={event => setCode(event.currentTarget.value)}
            />
          </Group>
        </>
      )}
    </Form>
  )
}
