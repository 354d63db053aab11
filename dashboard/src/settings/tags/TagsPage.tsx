/** Tags and folders: renamed, deleted, and what folders say of their new links. */
import { Button, Group, Text, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { api, got, type Schemas } from '~/api/client'
import { may, useMe } from '~/api/me'
import { ConfirmButton } from '~/parts/ConfirmButton'
import { Loaded } from '~/parts/Loaded'
import { PageTitle } from '~/parts/PageTitle'
import { useFormat } from '~/texts/format'
import { useTexts } from '~/texts/texts'
import { useChange } from '../change'
import { Entries, Entry } from '../Entries'
import { Section } from '../Section'
import { settingsTexts } from '../texts'
import { Folders } from './Folders'
import { tagsTexts } from './texts'

const TAGS = ['tags']

export default function TagsPage() {
  const t = useTexts(tagsTexts)
  const tags = useQuery({
    queryKey: [...TAGS, 'all'],
    queryFn: async () => (await got(api.GET('/api/v1/tags'))).data,
  })
  return (
    <>
      <PageTitle title={t.title} about={t.about} />
      <Section title={t.tags}>
        <Loaded query={tags}>
          {all =>
            all.length === 0 ? (
              <Text c="dimmed">{t.tagsNone}</Text>
            ) : (
              <Entries label={t.tags}>
                {all.map(tag => (
                  <TagEntry key={tag.name} tag={tag} />
                ))}
              </Entries>
            )
          }
        </Loaded>
      </Section>
      <Folders />
    </>
  )
}

function TagEntry({ tag }: { tag: Schemas['Tag'] }) {
  const t = useTexts(tagsTexts)
  const s = useTexts(settingsTexts)
  const format = useFormat()
  const mayChange = may(useMe(), 'links:write')
  const [renames, setRenames] = useState(false)
  const [name, setName] = useState(tag.name)
  const rename = useChange({
    change: ({ from, to }: { from: string; to: string }) =>
      got(api.PATCH('/api/v1/tags/{tag}', { params: { path: { tag: from } }, body: { name: to } })),
    stale: TAGS,
    done: (_, { from, to }) => t.renamed(from, to),
    undo:
      (_, { from, to }) =>
      () =>
        rename.mutate({ from: to, to: from }),
    onSuccess: () => setRenames(false),
  })
  const remove = useChange({
    change: () => got(api.DELETE('/api/v1/tags/{tag}', { params: { path: { tag: tag.name } } })),
    stale: TAGS,
    done: () => t.removed(tag.name),
  })
  const links = t.links(format.number(tag.links), tag.links === 1)
  return (
    <Entry
      title={tag.name}
      facts={[links]}
      actions={
        <>
          <Button
            size="compact-sm"
            variant="default"
            component={Link}
            to="/links"
            search={{ tag: tag.name } as never}
          >
            {t.show}
          </Button>
          {mayChange && (
            <>
              <Button
                size="compact-sm"
                variant="default"
                aria-expanded={renames}
                aria-label={t.renameOf(tag.name)}
                onClick={() => setRenames(!renames)}
              >
                {t.rename}
              </Button>
              <ConfirmButton
                label={t.remove}
                title={t.removeTag(tag.name)}
                onConfirm={() => remove.mutate()}
              >
                {t.removeTagWhat(links)}
              </ConfirmButton>
            </>
          )}
        </>
      }
    >
      {renames && (
        <form
          onSubmit={event => {
            event.preventDefault()
            rename.mutate({ from: tag.name, to: name.trim() })
          }}
        >
          <Group align="flex-end" mt="sm">
            <TextInput
              label={t.newName}
              autoFocus
              required
              withAsterisk={false}
              value={name}
              onChange={event => setName(event.currentTarget.value)}
            />
            <Button type="submit" loading={rename.isPending}>
              {s.save}
            </Button>
          </Group>
        </form>
      )}
    </Entry>
  )
}
