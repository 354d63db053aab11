/** Every link: found, sorted, chosen and changed. */
import { Button, Text } from '@mantine/core'
import { IconFileImport, IconPlus } from '@tabler/icons-react'
import { useInfiniteQuery } from '@tanstack/react-query'
import { Outlet, Link as To, useNavigate, useSearch } from '@tanstack/react-router'
import { lazy, Suspense, useEffect, useMemo } from 'react'
import { useBegun } from '~/account/welcome/progress'
import { may, useMe } from '~/api/me'
import { isAddress } from '~/parts/address'
import { Empty } from '~/parts/Empty'
import { Failed } from '~/parts/Failed'
import { PageTitle } from '~/parts/PageTitle'
import { useFormat } from '~/texts/format'
import { useTexts } from '~/texts/texts'
import { ExportButton } from './ExportButton'
import { FirstLink } from './FirstLink'
import { LinkFilters } from './LinkFilters'
import { LinksTable } from './LinksTable'
import { filterOf, isFiltered, linksQuery } from './list'
import { linksTexts } from './texts'

// For whoever has just begun.
const Checklist = lazy(() => import('~/account/welcome/Checklist'))

export default function LinksPage() {
  const t = useTexts(linksTexts)
  const format = useFormat()
  const search = useSearch({ strict: false })
  const filter = useMemo(() => filterOf(search), [search])
  const list = useInfiniteQuery(linksQuery(filter))
  const writes = may(useMe(), 'links:write')
  const hasBegun = useBegun() !== null
  usePastedAddress()

  const links = useMemo(() => (list.data?.pages ?? []).flatMap(page => page.data), [list.data])
  const { total, totalIsExact } = list.data?.pages[0] ?? {}
  const isEmpty = list.isSuccess && links.length === 0

  return (
    <>
      <PageTitle
        title={t.links}
        about={
          typeof total === 'number' &&
          !isEmpty &&
          t.count(total, format.number(total), totalIsExact !== false)
        }
      >
        {writes && (
          <Button
            component={To}
            to="/import"
            variant="default"
            leftSection={<IconFileImport size={16} aria-hidden />}
          >
            {t.import}
          </Button>
        )}
        <ExportButton filter={filter} />
        {writes && (
          <Button
            component={To}
            to="/links/new"
            search={search as never}
            leftSection={<IconPlus size={16} aria-hidden />}
          >
            {t.newLink}
          </Button>
        )}
      </PageTitle>
      <Suspense fallback={null}>{hasBegun && <Checklist />}</Suspense>
      {isEmpty && !isFiltered(filter) ? (
        <FirstLink />
      ) : (
        <>
          <LinkFilters filter={filter} />
          {list.isError && <Failed error={list.error} retry={() => void list.refetch()} />}
          {isEmpty && (
            <Empty title={t.nothingFits} action={<ClearFilters />}>
              {t.nothingFitsWhat}
            </Empty>
          )}
          {!list.isError && !isEmpty && (
            <LinksTable
              links={links}
              total={total ?? undefined}
              filter={filter}
              isLoading={list.isPending}
              isStale={list.isPlaceholderData}
              hasMore={list.hasNextPage}
              more={() => {
                if (!list.isFetchingNextPage) void list.fetchNextPage()
              }}
            />
          )}
          {list.isFetchingNextPage && (
            <Text c="dimmed" size="sm" mt="sm" role="status">
              {t.loading}
            </Text>
          )}
        </>
      )}
      <Outlet />
    </>
  )
}

function ClearFilters() {
  const t = useTexts(linksTexts)
  return (
    <Button component={To} to="/links" variant="default">
      {t.clearFilters}
    </Button>
  )
}

/** An address that is pasted anywhere but into a field is one that somebody wants to shorten. */
function usePastedAddress() {
  const navigate = useNavigate()
  useEffect(() => {
    const listener = (event: ClipboardEvent) => {
      const target = event.target
      if (target instanceof HTMLElement && target.matches('input, textarea, [contenteditable]')) {
        return
      }
      const destination = event.clipboardData?.getData('text/plain').trim() ?? ''
      if (isAddress(destination)) void navigate({ to: '/links/new', search: { destination } })
    }
    document.addEventListener('paste', listener)
    return () => document.removeEventListener('paste', listener)
  }, [navigate])
}
