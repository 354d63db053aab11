/** Which pixels people meet on their way to the destination. */
import { Anchor, MultiSelect, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link as To } from '@tanstack/react-router'
import { pixelsQuery } from '~/settings/pixels/pixels'
import { useTexts } from '~/texts/texts'
import { Section } from './Section'
import { formTexts } from './texts'
import type { LinkForm } from './useLinkForm'

export function PixelFields({ form }: { form: LinkForm }) {
  const t = useTexts(formTexts)
  const { values, set, fault } = form
  const pixels = useQuery(pixelsQuery).data
  const nameOf = (id: string) => pixels?.find(pixel => pixel.id === id)?.name ?? id
  return (
    <Section
      title={t.pixels}
      now={values.pixels.map(nameOf).join(', ') || t.noPixels}
      hasFault={form.faults.has('pixels')}
    >
      {pixels?.length === 0 && values.pixels.length === 0 ? (
        <Text size="sm" c="dimmed">
          {t.pixelsNone}{' '}
          <Anchor component={To} to="/settings/pixels" inherit underline="always">
            {t.pixelsMake}
          </Anchor>
        </Text>
      ) : (
        <MultiSelect
          label={t.pixels}
          description={t.pixelsWhat}
          data={pixels?.map(({ id, name }) => ({ value: id, label: name })) ?? []}
          value={values.pixels}
          onChange={chosen => set('pixels', chosen)}
          error={fault('pixels')}
          comboboxProps={{ withinPortal: true }}
        />
      )}
    </Section>
  )
}
