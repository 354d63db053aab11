/** Describes a visitor: the facts that matter first, all others on demand, or the raw request. */
import { Button, Group, SegmentedControl, Select, Stack, Text, TextInput } from '@mantine/core'
import { useId, useState } from 'react'
import type { Problem } from '~/api/problem'
import { fieldOf } from '~/rules/fields'
import { useVocabulary } from '~/rules/vocabulary'
import { useTexts } from '~/texts/texts'
import { AGENTS } from './agents'
import { CLOCKS } from './asked'
import { FactInput } from './FactInput'
import { RequestForm } from './RequestForm'
import { visitorsTexts } from './texts'
import styles from './Visitor.module.css'
import { type Described, isDescribed, stated, type Visitor } from './visitor'
import { WhenInput } from './WhenInput'

interface Props {
  visitor: Visitor
  onChange: (visitor: Visitor) => void
  /** The facts that make a difference, by field; all of them where nothing is known of that. */
  asked?: readonly string[]
  /** What the server says is wrong, each at its place. */
  problem?: Problem | null
  /** Whether the moment of the click can be said. */
  hasMoment?: boolean
  /** Why these facts and no others; null says nothing of it. */
  about?: null
}

export function VisitorForm(props: Props) {
  const { visitor, onChange, asked, problem, about, hasMoment = true } = props
  const t = useTexts(visitorsTexts).form
  const id = useId()
  const described = isDescribed(visitor)
  return (
    <Stack gap="md">
      <SegmentedControl
        fullWidth
        size="xs"
        aria-label={t.how}
        id={id}
        data={[
          { value: 'facts', label: t.facts },
          { value: 'request', label: t.request },
        ]}
        value={described ? 'facts' : 'request'}
        onChange={kind => onChange(kind === 'facts' ? { facts: {} } : asRequest())}
      />
      {described ? (
        <Facts {...{ visitor, onChange, asked, problem, about }} />
      ) : (
        <RequestForm request={visitor} onChange={onChange} fault={at => problem?.fault(at)} />
      )}
      {hasMoment && <WhenInput at={visitor.at} onChange={at => onChange({ ...visitor, at })} />}
    </Stack>
  )
}

const asRequest = (): Visitor => ({
  ip: '',
  headers: [['user-agent', AGENTS.iPhone]],
  url: '',
})

type FactsProps = Omit<Props, 'visitor' | 'hasMoment'> & { visitor: Described }

function Facts({ visitor, onChange, asked, problem, about }: FactsProps) {
  const t = useTexts(visitorsTexts).form
  const vocabulary = useVocabulary()
  const [showsAll, setShowsAll] = useState(asked === undefined)
  const closed = vocabulary.fields.filter(
    ({ name }) => !name.endsWith('.*') && !CLOCKS.has(name) && name !== 'isReturning',
  )
  const named = Object.keys(visitor.facts).filter(name => name.includes('.'))
  const matter = [...(asked ?? []), ...named.filter(name => !asked?.includes(name))]
  const order = (name: string) => vocabulary.fields.findIndex(field => field.name === family(name))
  const first = matter.filter(name => fieldOf(vocabulary, name)).sort((a, b) => order(a) - order(b))
  const others = closed.filter(({ name }) => !first.includes(name))
  const groups = [...new Set(others.map(({ group }) => group))]

  const input = (name: string) => (
    <FactInput
      key={name}
      name={name}
      value={visitor.facts[name]}
      error={problem?.fault(`visitor.${name}`)}
      onChange={value => onChange(stated(visitor, name, value))}
    />
  )
  return (
    <>
      {asked && about !== null && (
        <Text size="xs" c="dimmed">
          {asked.length > 0 ? t.onlyAsked : t.noneAsked}
        </Text>
      )}
      <div className={styles.facts}>{first.map(input)}</div>
      {showsAll &&
        groups.map(group => (
          <fieldset key={group} className={styles.group}>
            <legend>{group}</legend>
            {others.filter(field => field.group === group).map(({ name }) => input(name))}
          </fieldset>
        ))}
      {showsAll && <Named onAdd={name => onChange(stated(visitor, name, ''))} />}
      {asked && (
        <Button
          size="compact-sm"
          variant="subtle"
          aria-expanded={showsAll}
          onClick={() => setShowsAll(!showsAll)}
        >
          {showsAll ? t.fewerFacts : t.allFacts}
        </Button>
      )}
    </>
  )
}

const family = (name: string) => (name.includes('.') ? `${name.split('.')[0]}.*` : name)

/** A parameter, header or cookie by its name. */
function Named({ onAdd }: { onAdd: (field: string) => void }) {
  const t = useTexts(visitorsTexts).form
  const [kind, setKind] = useState('query')
  const [name, setName] = useState('')
  const add = () => {
    if (!name.trim()) return
    onAdd(`${kind}.${name.trim()}`)
    setName('')
  }
  return (
    <fieldset className={styles.group}>
      <legend>{t.named}</legend>
      <Group gap={4} wrap="nowrap">
        <Select
          aria-label={t.namedKind}
          data={[
            { value: 'query', label: t.parameter },
            { value: 'header', label: t.header },
            { value: 'cookie', label: t.cookie },
          ]}
          allowDeselect={false}
          value={kind}
          onChange={next => setKind(next ?? kind)}
        />
        <TextInput
          aria-label={t.namedName}
          placeholder={t.namedName}
          value={name}
          onChange={event => setName(event.currentTarget.value)}
          onKeyDown={event => event.key === 'Enter' && add()}
        />
        <Button variant="default" onClick={add}>
          {t.add}
        </Button>
      </Group>
    </fieldset>
  )
}
