/** Which links the table shows: words, tag, domain, folder and state, all kept in the address. */
import { Button, CloseButton, NativeSelect, TextInput } from '@mantine/core'
import { useDebouncedCallback } from '@mantine/hooks'
import { IconAdjustmentsHorizontal, IconSearch } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useEffect, useRef, useState } from 'react'
import { useActions } from '~/shell/actions'
import { useTexts } from '~/texts/texts'
import styles from './LinkFilters.module.css'
import { domainsQuery, type Filter, foldersQuery, isFiltered, SORTS, tagsQuery } from './list'
import { STATES } from './state'
import { linksTexts } from './texts'

type Change = Partial<Record<'q' | 'tag' | 'domain' | 'folder' | 'state' | 'sort', string>>

/** Changes parts of the filter in the address; a part without text leaves it. */
export function useFilterChange() {
  const navigate = useNavigate()
  return (change: Change) =>
    void navigate({
      to: '/links',
      search: (before: Record<string, string | undefined>) => ({ ...before, ...change }) as never,
      replace: true,
    })
}

export function LinkFilters({ filter }: { filter: Filter }) {
  const t = useTexts(linksTexts)
  const change = useFilterChange()
  const tags = useQuery(tagsQuery)
  const domains = useQuery(domainsQuery)
  const folders = useQuery(foldersQuery(filter.domain))
  const severalDomains = 1 < (domains.data?.length ?? 0)
  const [isOpen, setOpen] = useState(false)
  const hasFolders = 0 < (folders.data?.length ?? 0)

  return (
    <search className={styles.filters} aria-label={t.filters}>
      <Words filter={filter} />
      <Button
        variant="default"
        className={styles.open}
        leftSection={<IconAdjustmentsHorizontal size={16} aria-hidden />}
        aria-expanded={isOpen}
        onClick={() => setOpen(!isOpen)}
      >
        {t.filters}
      </Button>
      <div className={styles.choices} data-open={isOpen || undefined}>
        {0 < (tags.data?.length ?? 0) && (
          <NativeSelect
            aria-label={t.tag}
            value={filter.tag}
            onChange={event => change({ tag: event.currentTarget.value })}
            data={[
              { value: '', label: t.anyTag },
              ...(tags.data ?? []).map(({ name, links }) => ({
                value: name,
                label: `${name} (${links})`,
              })),
            ]}
            className={styles.choice}
          />
        )}
        {severalDomains && (
          <NativeSelect
            aria-label={t.domain}
            value={filter.domain}
            onChange={event => change({ domain: event.currentTarget.value, folder: '' })}
            data={[
              { value: '', label: t.anyDomain },
              ...(domains.data ?? []).map(({ host }) => ({ value: host, label: host })),
            ]}
            className={styles.choice}
          />
        )}
        {hasFolders && (
          <NativeSelect
            aria-label={t.folder}
            value={filter.folder}
            onChange={event => change({ folder: event.currentTarget.value })}
            data={[
              { value: '', label: t.anyFolder },
              ...(folders.data ?? []).map(({ name }) => ({ value: name, label: name })),
            ]}
            className={styles.choice}
          />
        )}
        <NativeSelect
          aria-label={t.state}
          value={filter.state}
          onChange={event => change({ state: event.currentTarget.value })}
          data={[
            { value: '', label: t.notArchived },
            { value: 'all', label: t.allStates },
            ...Object.keys(STATES).map(state => ({
              value: state,
              label: t.states[state as keyof typeof STATES],
            })),
          ]}
          className={styles.choice}
        />
        <NativeSelect
          aria-label={t.sortBy}
          value={`${filter.descending ? '-' : ''}${filter.sort}`}
          onChange={event => {
            const sort = event.currentTarget.value
            change({ sort: sort === '-created' ? '' : sort })
          }}
          data={SORTS.flatMap(sort =>
            [true, false].map(descending => ({
              value: `${descending ? '-' : ''}${sort}`,
              label: t.sorting[sort][descending ? 1 : 0],
            })),
          )}
          className={styles.choice}
        />
        {isFiltered(filter) && (
          <CloseButton
            aria-label={t.clearFilters}
            title={t.clearFilters}
            onClick={() => change({ q: '', tag: '', domain: '', folder: '', state: '' })}
          />
        )}
      </div>
    </search>
  )
}

/** The words are sent when nobody has typed for a moment, and follow the address otherwise. */
function Words({ filter }: { filter: Filter }) {
  const t = useTexts(linksTexts)
  const change = useFilterChange()
  const field = useRef<HTMLInputElement>(null)
  const [words, setWords] = useState(filter.q)
  const sent = useRef(filter.q)
  const send = useDebouncedCallback((q: string) => {
    sent.current = q
    change({ q })
  }, 150)
  useEffect(() => {
    if (filter.q === sent.current) return
    sent.current = filter.q
    setWords(filter.q)
  }, [filter.q])
  useActions([
    { id: 'find', label: t.search, keys: '/', group: t.links, run: () => field.current?.focus() },
  ])
  return (
    <TextInput
      ref={field}
      type="search"
      aria-label={t.search}
      placeholder={t.searchHint}
      leftSection={<IconSearch size={16} aria-hidden />}
      value={words}
      onChange={event => {
        setWords(event.currentTarget.value)
        send(event.currentTarget.value)
      }}
      onKeyDown={event => {
        if (event.key !== 'Escape') return
        if (words === '') field.current?.blur()
        setWords('')
        send('')
      }}
      className={styles.words}
    />
  )
}
