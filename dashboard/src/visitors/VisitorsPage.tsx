/** Saved visitors: people to try every link with, to be edited, copied and taken along. */
import { ActionIcon, Button, Group, Paper, Text, Title, Tooltip } from '@mantine/core'
import { IconCopy, IconPencil, IconPlus, IconTrash } from '@tabler/icons-react'
import { lazy, Suspense, useState } from 'react'
import { Empty } from '~/parts/Empty'
import { PageTitle } from '~/parts/PageTitle'
import { fieldOf } from '~/rules/fields'
import { useVocabulary } from '~/rules/vocabulary'
import { useActions } from '~/shell/actions'
import { notify, notifyProblem } from '~/shell/notices'
import { useFormat } from '~/texts/format'
import { useTexts } from '~/texts/texts'
import { newId, type SavedVisitor, useSavedVisitors } from './saved'
import { visitorsTexts } from './texts'
import styles from './Visitor.module.css'
import { isDescribed, nobody, summary } from './visitor'

const VisitorDrawer = lazy(() => import('./VisitorDrawer'))
const TryOnLink = lazy(() => import('./TryOnLink'))

export default function VisitorsPage() {
  const t = useTexts(visitorsTexts)
  const { visitors, save, remove, insert, missing, restore } = useSavedVisitors()
  const [edited, setEdited] = useState<SavedVisitor>()
  const [tried, setTried] = useState<SavedVisitor>()
  const add = () => setEdited({ id: newId(), name: '', visitor: nobody })
  useActions([{ id: 'visitor-new', label: t.add, group: t.title, keys: 'n', run: add }])

  const forget = async (saved: SavedVisitor) => {
    const at = visitors.indexOf(saved)
    try {
      await remove(saved.id)
      notify(t.removed(saved.name), {
        undo: () => void insert(saved, at).catch(notifyProblem),
      })
    } catch (error) {
      notifyProblem(error)
    }
  }
  const keep = (saved: SavedVisitor) => {
    setEdited(undefined)
    save(saved).then(() => notify(t.saved(saved.name)), notifyProblem)
  }
  const back = missing.length > 0 && (
    <Button variant="default" onClick={() => void restore().catch(notifyProblem)}>
      {t.restore(missing.length)}
    </Button>
  )
  return (
    <>
      <PageTitle title={t.title} about={t.about}>
        {visitors.length > 0 && back}
        <Button leftSection={<IconPlus size={16} />} onClick={add}>
          {t.add}
        </Button>
      </PageTitle>
      {visitors.length === 0 ? (
        <Empty title={t.empty} action={back}>
          {t.emptyWhat}
        </Empty>
      ) : (
        <ul className={styles.list}>
          {visitors.map(saved => (
            <li key={saved.id}>
              <Card
                saved={saved}
                onEdit={() => setEdited(saved)}
                onTry={() => setTried(saved)}
                onRemove={() => void forget(saved)}
                onCopy={() => setEdited({ ...saved, id: newId(), name: t.copyName(saved.name) })}
              />
            </li>
          ))}
        </ul>
      )}
      <Suspense fallback={null}>
        {edited && (
          <VisitorDrawer
            key={edited.id}
            saved={edited}
            onSave={keep}
            onClose={() => setEdited(undefined)}
          />
        )}
        {tried && <TryOnLink saved={tried} onClose={() => setTried(undefined)} />}
      </Suspense>
    </>
  )
}

interface CardProps {
  saved: SavedVisitor
  onEdit: () => void
  onTry: () => void
  onCopy: () => void
  onRemove: () => void
}

function Card({ saved, onEdit, onTry, onCopy, onRemove }: CardProps) {
  const t = useTexts(visitorsTexts)
  const { name } = saved
  const icons = [
    { label: t.editOf(name), icon: IconPencil, run: onEdit },
    { label: t.duplicateOf(name), icon: IconCopy, run: onCopy },
    { label: t.removeOf(name), icon: IconTrash, run: onRemove },
  ]
  return (
    <Paper withBorder p="lg" bg="var(--surface)" className={styles.card} component="article">
      <Title order={2}>{name}</Title>
      <Chips saved={saved} />
      <Group justify="space-between" wrap="nowrap">
        <Button size="compact-sm" variant="light" aria-label={t.tryOnOf(name)} onClick={onTry}>
          {t.tryOn}
        </Button>
        <Group gap={4} wrap="nowrap">
          {icons.map(({ label, icon: Icon, run }) => (
            <Tooltip key={label} label={label}>
              <ActionIcon variant="subtle" color="gray" aria-label={label} onClick={run}>
                <Icon size={16} />
              </ActionIcon>
            </Tooltip>
          ))}
        </Group>
      </Group>
    </Paper>
  )
}

/** Facts that say of nearly everybody the same. */
const USUAL = new Set(['bot', 'isCrawler', 'vpn', 'datacenter', 'proxy', 'tor'])

/** Said with what they are versions of. */
const VERSIONS = new Set(['osVersion', 'browserVersion'])

/** What is known of the visitor, a fact a chip; what is usual is left out. */
function Chips({ saved: { visitor } }: { saved: SavedVisitor }) {
  const t = useTexts(visitorsTexts).form
  const vocabulary = useVocabulary()
  const format = useFormat()
  if (!isDescribed(visitor)) {
    return (
      <Text size="sm" c="dimmed" className={styles.chips}>
        {summary(visitor)}
      </Text>
    )
  }
  const said = Object.entries(visitor.facts).filter(
    ([name, value]) => !VERSIONS.has(name) && !(USUAL.has(name) && value !== 'true'),
  )
  const text = (name: string, value: string | null) => {
    const field = fieldOf(vocabulary, name)
    if (value === null) return `${field?.label ?? name}: ${t.unknown}`
    if (name === 'isNewVisitor') return value === 'true' ? t.isNew : t.isBack
    if (field?.kind === 'flag') return `${field.label}: ${value === 'true' ? t.yes : t.no}`
    if (name === 'country') return format.country(value)
    if (name === 'os' || name === 'browser') {
      return [value, visitor.facts[`${name}Version`]].filter(Boolean).join(' ')
    }
    if (name.includes('.') || name.startsWith('utm')) return `${field?.label} ${value}`
    return value
  }
  return (
    <div className={styles.chips}>
      {said.map(([name, value]) => (
        <span key={name} className={styles.chip} title={fieldOf(vocabulary, name)?.label}>
          {text(name, value)}
        </span>
      ))}
    </div>
  )
}
