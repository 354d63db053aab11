/** What a link is called and where it is filed: for the people who look after it. */
import { TagsInput, Textarea, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTexts } from '~/texts/texts'
import { tagsQuery } from '../list'
import { FolderField } from './FolderField'
import styles from './form.module.css'
import { formTexts } from './texts'
import type { LinkForm } from './useLinkForm'

export function LabelFields({ form }: { form: LinkForm }) {
  const t = useTexts(formTexts)
  const { values, set, fault } = form
  const tags = useQuery(tagsQuery)
  return (
    <>
      <TextInput
        label={t.title}
        value={values.title}
        onChange={event => set('title', event.currentTarget.value)}
        error={fault('title')}
      />
      <div className={styles.pair}>
        <TagsInput
          label={t.tags}
          placeholder={values.tags.length === 0 ? t.tagsHint : undefined}
          data={tags.data?.map(({ name }) => name)}
          value={values.tags}
          onChange={tags => set('tags', tags)}
          error={fault('tags')}
          acceptValueOnBlur
        />
        <FolderField
          domain={values.domain}
          value={values.folder}
          onChange={folder => set('folder', folder)}
          error={fault('folder')}
        />
      </div>
      <Textarea
        label={t.description}
        description={t.descriptionWhat}
        autosize
        minRows={1}
        maxRows={6}
        value={values.description}
        onChange={event => set('description', event.currentTarget.value)}
        error={fault('description')}
      />
    </>
  )
}
