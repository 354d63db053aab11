/** Folders, each of one domain. */
import { Button, Text } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { api, got, type Schemas } from '~/api/client'
import { may, useMe } from '~/api/me'
import { ConfirmButton } from '~/parts/ConfirmButton'
import { Loaded } from '~/parts/Loaded'
import { useFormat } from '~/texts/format'
import { useTexts } from '~/texts/texts'
import { useChange } from '../change'
import { domainsQuery } from '../domains/domains'
import { Entries, Entry } from '../Entries'
import { Section } from '../Section'
import { settingsTexts } from '../texts'
import { FolderForm } from './FolderForm'
import { tagsTexts } from './texts'

type Folder = Schemas['Folder']

const FOLDERS = ['folders']

export function Folders() {
  const t = useTexts(tagsTexts)
  const mayChange = may(useMe(), 'links:write')
  const [adds, setAdds] = useState(false)
  const domains = useQuery(domainsQuery).data ?? []
  const folders = useQuery({
    queryKey: [...FOLDERS, 'of', domains.map(domain => domain.host)],
    // The API tells the folders of one domain at a time.
    queryFn: async () => {
      const pages = await Promise.all(
        domains.map(({ host }) =>
          got(api.GET('/api/v1/folders', { params: { query: { domain: host } } })),
        ),
      )
      return pages.flatMap(page => page.data)
    },
    enabled: 0 < domains.length,
  })
  const create = useChange({
    change: ({ domain, ...body }: Schemas['FolderChange'] & { domain: string }) =>
      got(api.POST('/api/v1/folders', { params: { query: { domain } }, body })),
    stale: FOLDERS,
    quiet: true,
    done: folder => t.made(folder.name),
    onSuccess: () => setAdds(false),
  })
  return (
    <Section
      title={t.folders}
      about={t.foldersAbout}
      action={
        mayChange && (
          <Button
            variant="default"
            leftSection={<IconPlus size={16} aria-hidden />}
            onClick={() => setAdds(true)}
          >
            {t.addFolder}
          </Button>
        )
      }
    >
      {adds && (
        <FolderForm
          domains={domains.map(domain => domain.host)}
          waiting={create.isPending}
          problem={create.error}
          onWish={wish => create.mutate(wish)}
          onCancel={() => setAdds(false)}
        />
      )}
      <Loaded query={folders} height={60}>
        {all =>
          all.length === 0 ? (
            <Text c="dimmed">{t.foldersNone}</Text>
          ) : (
            <Entries label={t.folders}>
              {all.map(folder => (
                <FolderEntry
                  key={`${folder.domain}/${folder.name}`}
                  folder={folder}
                  mayChange={mayChange}
                />
              ))}
            </Entries>
          )
        }
      </Loaded>
    </Section>
  )
}

function FolderEntry({ folder, mayChange }: { folder: Folder; mayChange: boolean }) {
  const t = useTexts(tagsTexts)
  const s = useTexts(settingsTexts)
  const format = useFormat()
  const [edits, setEdits] = useState(false)
  const params = { path: { folder: folder.name }, query: { domain: folder.domain } }
  const edit = useChange({
    change: ({ domain: _, ...body }: Schemas['FolderChange'] & { domain: string }) =>
      got(api.PATCH('/api/v1/folders/{folder}', { params, body })),
    stale: FOLDERS,
    quiet: true,
    done: ({ name }) => t.saved(name),
    onSuccess: () => setEdits(false),
  })
  const remove = useChange({
    change: () => got(api.DELETE('/api/v1/folders/{folder}', { params })),
    stale: FOLDERS,
    done: () => t.removed(folder.name),
  })
  const links = t.links(format.number(folder.links), folder.links === 1)
  return (
    <Entry
      title={folder.name}
      facts={[
        <span key="domain" className="address">
          {folder.domain}
        </span>,
        links,
        folder.prefix,
      ]}
      actions={
        <>
          <Button
            size="compact-sm"
            variant="default"
            component={Link}
            to="/links"
            search={{ folder: folder.name, domain: folder.domain } as never}
          >
            {t.show}
          </Button>
          {mayChange && (
            <>
              <Button
                size="compact-sm"
                variant="default"
                aria-expanded={edits}
                aria-label={`${s.edit}: ${folder.name}`}
                onClick={() => setEdits(!edits)}
              >
                {s.edit}
              </Button>
              <ConfirmButton
                label={t.remove}
                title={t.removeFolder(folder.name)}
                onConfirm={() => remove.mutate()}
              >
                {t.removeFolderWhat(links)}
              </ConfirmButton>
            </>
          )}
        </>
      }
    >
      {edits && (
        <FolderForm
          before={folder}
          domains={[folder.domain]}
          waiting={edit.isPending}
          problem={edit.error}
          onWish={wish => edit.mutate(wish)}
          onCancel={() => setEdits(false)}
        />
      )}
    </Entry>
  )
}
