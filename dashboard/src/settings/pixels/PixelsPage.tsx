/** Pixels: what links tell advertising services, where somebody wants that. */
import { Button } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { api, got, type Schemas } from '~/api/client'
import { may, useMe } from '~/api/me'
import { ConfirmButton } from '~/parts/ConfirmButton'
import { Empty } from '~/parts/Empty'
import { Loaded } from '~/parts/Loaded'
import { PageTitle } from '~/parts/PageTitle'
import { useTexts } from '~/texts/texts'
import { useChange } from '../change'
import { Entries, Entry } from '../Entries'
import { Section } from '../Section'
import { settingsTexts } from '../texts'
import { PixelForm } from './PixelForm'
import { PIXELS, pixelsQuery } from './pixels'
import { pixelsTexts } from './texts'

type Pixel = Schemas['Pixel']

export default function PixelsPage() {
  const t = useTexts(pixelsTexts)
  const mayChange = may(useMe(), 'links:write')
  const [adds, setAdds] = useState(false)
  const pixels = useQuery(pixelsQuery)
  const create = useChange({
    change: (body: Schemas['NewPixel']) => got(api.POST('/api/v1/pixels', { body })),
    stale: PIXELS,
    quiet: true,
    done: pixel => t.saved(pixel.name),
    onSuccess: () => setAdds(false),
  })
  return (
    <>
      <PageTitle title={t.title} about={t.about}>
        {mayChange && (
          <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setAdds(true)}>
            {t.add}
          </Button>
        )}
      </PageTitle>
      {adds && (
        <Section title={t.add}>
          <PixelForm
            waiting={create.isPending}
            problem={create.error}
            onWish={wish => create.mutate(wish)}
            onCancel={() => setAdds(false)}
          />
        </Section>
      )}
      <Loaded query={pixels}>
        {all =>
          all.length === 0 ? (
            <Empty title={t.none}>{t.noneWhat}</Empty>
          ) : (
            <Section title={t.title}>
              <Entries label={t.title}>
                {all.map(pixel => (
                  <PixelEntry key={pixel.id} pixel={pixel} mayChange={mayChange} />
                ))}
              </Entries>
            </Section>
          )
        }
      </Loaded>
    </>
  )
}

function PixelEntry({ pixel, mayChange }: { pixel: Pixel; mayChange: boolean }) {
  const t = useTexts(pixelsTexts)
  const s = useTexts(settingsTexts)
  const [edits, setEdits] = useState(false)
  const params = { path: { pixel: pixel.id } }
  const edit = useChange({
    change: (body: Schemas['NewPixel']) =>
      got(api.PATCH('/api/v1/pixels/{pixel}', { params, body })),
    stale: PIXELS,
    quiet: true,
    done: ({ name }) => t.saved(name),
    onSuccess: () => setEdits(false),
  })
  const remove = useChange({
    change: () => got(api.DELETE('/api/v1/pixels/{pixel}', { params })),
    stale: PIXELS,
    done: () => t.removed(pixel.name),
  })
  return (
    <Entry
      title={pixel.name}
      facts={[
        t.kinds[pixel.kind] ?? pixel.kind,
        <span key="code" className="address">
          {pixel.code}
        </span>,
      ]}
      actions={
        mayChange && (
          <>
            <Button
              size="compact-sm"
              variant="default"
              aria-expanded={edits}
              aria-label={`${s.edit}: ${pixel.name}`}
              onClick={() => setEdits(!edits)}
            >
              {s.edit}
            </Button>
            <ConfirmButton
              label={t.remove}
              title={t.removeTitle(pixel.name)}
              onConfirm={() => remove.mutate()}
            >
              {t.removeWhat}
            </ConfirmButton>
          </>
        )
      }
    >
      {edits && (
        <PixelForm
          before={pixel}
          waiting={edit.isPending}
          problem={edit.error}
          onWish={wish => edit.mutate(wish)}
          onCancel={() => setEdits(false)}
        />
      )}
    </Entry>
  )
}
