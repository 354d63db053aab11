/** What is asked for beyond the time: each filter a chip that is edited in its place. */
import { Button, CloseButton, Popover, UnstyledButton } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { Link as To } from '@tanstack/react-router'
import { lazy, Suspense } from 'react'
import { may, useMe } from '~/api/me'
import { announce } from '~/shell/announcer'
import { useTexts } from '~/texts/texts'
import { useBoard } from './board'
import { conditionOf } from './condition'
import { useNamer } from './names'
import { type Filter, key, replace } from './question'
import styles from './Statistics.module.css'
import { statisticsTexts } from './texts'

const FilterEditor = lazy(() => import('./FilterEditor'))

interface Props {
  /** The key of the filter that is edited; `new` for one to come. */
  open: string | null
  setOpen: (open: string | null) => void
}

/** Filters in words: `Country is Germany or Austria`. */
export function useFilterTexts(filters: readonly Filter[], link: string | undefined): string[] {
  const t = useTexts(statisticsTexts)
  const links = filters.filter(({ by }) => by === 'link').flatMap(({ values }) => values)
  const name = useNamer(links, link)
  return filters.map(({ by, values, not }) => {
    const which = values.map(value => name(by, value)).join(t.or)
    return `${t.dimensions[by] ?? by} ${not ? t.isNot : t.is} ${which}`
  })
}

export function Filters({ open, setOpen }: Props) {
  const t = useTexts(statisticsTexts)
  const { question, link, change } = useBoard()
  const texts = useFilterTexts(question.filters, link)
  if (question.filters.length === 0) return null
  return (
    <section className={styles.chips} aria-label={t.filters}>
      {question.filters.map((filter, place) => (
        <Chip
          key={key(filter)}
          filter={filter}
          text={texts[place] ?? ''}
          open={open === key(filter)}
          setOpen={setOpen}
        />
      ))}
      <Button
        size="compact-sm"
        variant="subtle"
        onClick={() => {
          change({ ...question, filters: [] })
          announce(t.filtersCleared)
        }}
      >
        {t.clear} (Esc)
      </Button>
      {link && <SendElsewhere link={link} />}
    </section>
  )
}

/** From those who are looked at to a rule about them. */
function SendElsewhere({ link }: { link: string }) {
  const t = useTexts(statisticsTexts)
  const writes = may(useMe(), 'links:write')
  const { filters } = useBoard().question
  const { when, left } = conditionOf(filters)
  const without = useFilterTexts(left, link).join('; ')
  if (!writes || !when) return null
  return (
    <Button
      component={To}
      to={'/links/$link/rules' as string}
      params={{ link } as never}
      search={{ new: JSON.stringify(when) } as never}
      size="compact-sm"
      variant="default"
      title={without && t.sendWithout(without)}
    >
      {t.sendElsewhere}
    </Button>
  )
}

function Chip({
  filter,
  text,
  open,
  setOpen,
}: {
  filter: Filter
  text: string
  open: boolean
  setOpen: Props['setOpen']
}) {
  const t = useTexts(statisticsTexts)
  const { question, change } = useBoard()
  return (
    <Popover
      opened={open}
      onChange={opened => setOpen(opened ? key(filter) : null)}
      position="bottom-start"
      trapFocus
      returnFocus
      shadow="md"
    >
      <span className={styles.chip}>
        <Popover.Target>
          <UnstyledButton
            aria-label={t.editFilter(text)}
            onClick={() => setOpen(open ? null : key(filter))}
          >
            {text}
          </UnstyledButton>
        </Popover.Target>
        <CloseButton
          size="sm"
          radius="xl"
          mr={2}
          aria-label={t.removeFilter(text)}
          onClick={() => change(replace(question, filter, { ...filter, values: [] }))}
        />
      </span>
      <Popover.Dropdown>
        <Suspense>
          {open && <FilterEditor filter={filter} onClose={() => setOpen(null)} />}
        </Suspense>
      </Popover.Dropdown>
    </Popover>
  )
}

/** `+ Filter`: any number of them, which all hold together. */
export function AddFilter({ open, setOpen }: Props) {
  const t = useTexts(statisticsTexts)
  const isOpen = open === 'new'
  return (
    <Popover
      opened={isOpen}
      onChange={opened => setOpen(opened ? 'new' : null)}
      position="bottom-start"
      trapFocus
      returnFocus
      shadow="md"
    >
      <Popover.Target>
        <Button
          variant="default"
          leftSection={<IconPlus size={16} aria-hidden />}
          aria-haspopup="dialog"
          aria-expanded={isOpen}
          onClick={() => setOpen(isOpen ? null : 'new')}
        >
          {t.addFilter}
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <Suspense>
          {isOpen && <FilterEditor filter={null} onClose={() => setOpen(null)} />}
        </Suspense>
      </Popover.Dropdown>
    </Popover>
  )
}
