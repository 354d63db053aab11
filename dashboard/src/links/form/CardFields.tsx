/** How a shared link looks in a chat or a feed, drawn while it is typed. */
import { Text, Textarea, TextInput } from '@mantine/core'
import { IconPhoto } from '@tabler/icons-react'
import { useTexts } from '~/texts/texts'
import styles from './form.module.css'
import { Section } from './Section'
import { formTexts } from './texts'
import type { LinkForm } from './useLinkForm'

export function CardFields({ form }: { form: LinkForm }) {
  const t = useTexts(formTexts)
  const { values, set, fault } = form
  const hasCard = values.cardTitle || values.cardDescription || values.cardImage
  return (
    <Section
      title={t.card}
      now={values.cardTitle || (hasCard ? t.ownCard : t.destinationsCard)}
      hasFault={['cardTitle', 'cardDescription', 'cardImage'].some(field =>
        form.faults.has(field as never),
      )}
    >
      <Text size="xs" c="dimmed">
        {t.cardWhat}
      </Text>
      <TextInput
        label={t.cardTitle}
        value={values.cardTitle}
        onChange={event => set('cardTitle', event.currentTarget.value)}
        error={fault('cardTitle')}
      />
      <Textarea
        label={t.cardDescription}
        autosize
        minRows={1}
        maxRows={4}
        value={values.cardDescription}
        onChange={event => set('cardDescription', event.currentTarget.value)}
        error={fault('cardDescription')}
      />
      <TextInput
        label={t.cardImage}
        description={t.cardImageWhat}
        placeholder="https://example.com/picture.png"
        inputMode="url"
        spellCheck={false}
        value={values.cardImage}
        onChange={event => set('cardImage', event.currentTarget.value)}
        error={fault('cardImage')}
      />
      <Card form={form} />
    </Section>
  )
}

/** The picture's place alone: this page may load nothing from another host. */
function Card({ form }: { form: LinkForm }) {
  const t = useTexts(formTexts)
  const { values } = form
  const host = (address: string) => (URL.canParse(address) ? new URL(address).host : '')
  return (
    <figure className={styles.card} aria-label={t.cardPreview}>
      <div className={styles.picture} data-empty={values.cardImage ? undefined : true}>
        <IconPhoto size={24} aria-hidden />
        <span>{values.cardImage ? t.pictureFrom(host(values.cardImage)) : t.noPicture}</span>
      </div>
      <figcaption>
        <Text size="xs" c="dimmed">
          {form.link?.domain || values.domain || host(values.destination)}
        </Text>
        <Text fw={600}>{values.cardTitle || values.title || t.noTitle}</Text>
        {values.cardDescription && <Text size="sm">{values.cardDescription}</Text>}
      </figcaption>
    </figure>
  )
}
