/** What can be done to links from the table, its menu, its bar and its keys, each with a way back. */
import { useQueryClient } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useTexts } from '~/texts/texts'
import { deleteLinks, restoreLinks } from './deletion'
import { type Edit, saveEdits } from './edits'
import type { Link, LinkChange } from './link'
import { linksTexts } from './texts'

export function useLinkEdits() {
  const t = useTexts(linksTexts)
  const queries = useQueryClient()
  const navigate = useNavigate()
  const search = useSearch({ strict: false })

  const all = (links: readonly Link[], change: (link: Link) => LinkChange, done: string) => {
    const edits = links.map((link): Edit => ({ link, change: change(link) }))
    return saveEdits(queries, edits, done, { failed: t.notChanged, undone: t.undone })
  }
  const name = (links: readonly Link[]) =>
    links.length === 1 ? (links[0]?.slug ?? '') : t.links_(links.length)

  return {
    open: (link: Link) =>
      void navigate({
        to: '/links/$link/edit',
        params: { link: link.id },
        search: search as never,
      }),
    enable: (links: readonly Link[], enabled: boolean) =>
      void all(
        links,
        () => ({ enabled }),
        enabled ? t.enabled(name(links)) : t.disabled(name(links)),
      ),
    archive: (links: readonly Link[], archived: boolean) =>
      void all(
        links,
        () => ({ archived }),
        archived ? t.archived(name(links)) : t.unarchived(name(links)),
      ),
    addTags: (links: readonly Link[], tags: readonly string[]) =>
      void all(
        links,
        link => ({ tags: [...new Set([...link.tags, ...tags])] }),
        t.tagged(name(links), tags.join(', ')),
      ),
    removeTags: (links: readonly Link[], tags: readonly string[]) =>
      void all(
        links,
        link => ({ tags: link.tags.filter(tag => !tags.includes(tag)) }),
        t.untagged(name(links), tags.join(', ')),
      ),
    move: (links: readonly Link[], folder: string | null) =>
      void all(
        links,
        () => ({ folder }),
        folder ? t.moved(name(links), folder) : t.movedOut(name(links)),
      ),
    delete: (links: readonly Link[]) =>
      void deleteLinks(
        queries,
        links.map(({ id }) => id),
        { done: t.deleted(name(links)), undone: t.restored(name(links)) },
      ),
    restore: (links: readonly Link[]) =>
      void restoreLinks(
        queries,
        links.map(({ id }) => id),
        t.restored(name(links)),
      ),
  }
}
