/** A few edits to try without leaving: rules on and off, their order, one more, everyone else. */
import { ActionIcon, Button, Group, Select, Stack, Switch, Text, TextInput } from '@mantine/core'
import { IconArrowDown, IconArrowUp, IconTrash } from '@tabler/icons-react'
import { useState } from 'react'
import { blank, fieldOf, isComplete, operatorOf } from '~/rules/fields'
import { ValueInput } from '~/rules/inputs/ValueInput'
import type { Action } from '~/rules/sentence'
import type { Test, When } from '~/rules/tree'
import { useSpeaker, useVocabulary } from '~/rules/vocabulary'
import { useTexts } from '~/texts/texts'
import { begun, isNew, moved, type Plan, type Rule, removed, toggled } from './plan'
import { whatIfTexts } from './texts'
import styles from './WhatIf.module.css'

interface Props {
  plan: Plan
  onChange: (plan: Plan) => void
}

/** What people mean most often; everything else is a page away. */
const FIELDS = [
  'country',
  'deviceType',
  'os',
  'language',
  'referrerDomain',
  'utmSource',
  'isNewVisitor',
]

export function QuickChange({ plan, onChange }: Props) {
  const t = useTexts(whatIfTexts)
  const speaker = useSpeaker()
  return (
    <Stack gap="md">
      <ol className={styles.rules}>
        {plan.rules.map((rule, index) => {
          const name = rule.name || t.unnamed
          return (
            <li key={rule.id} data-off={!rule.enabled || undefined}>
              <Switch
                size="sm"
                aria-label={t.on(name)}
                checked={rule.enabled}
                onChange={() => onChange(toggled(plan, rule.id))}
              />
              <span className={styles.rule}>
                <b>
                  {index + 1} {name}
                </b>{' '}
                {isNew(rule) && <span className={styles.badge}>{t.newRule}</span>}
                <Text size="sm" c="dimmed">
                  {speaker.rule({
                    when: rule.when as unknown as When,
                    action: rule.action as unknown as Action,
                    timezone: rule.timezone,
                  })}
                </Text>
              </span>
              <Group gap={0} wrap="nowrap">
                {isNew(rule) && (
                  <ActionIcon
                    variant="subtle"
                    color="gray"
                    aria-label={t.remove(name)}
                    onClick={() => onChange(removed(plan, rule.id))}
                  >
                    <IconTrash size={16} />
                  </ActionIcon>
                )}
                <ActionIcon
                  variant="subtle"
                  color="gray"
                  aria-label={t.up(name)}
                  disabled={index === 0}
                  onClick={() => onChange(moved(plan, rule.id, -1))}
                >
                  <IconArrowUp size={16} />
                </ActionIcon>
                <ActionIcon
                  variant="subtle"
                  color="gray"
                  aria-label={t.down(name)}
                  disabled={index === plan.rules.length - 1}
                  onClick={() => onChange(moved(plan, rule.id, 1))}
                >
                  <IconArrowDown size={16} />
                </ActionIcon>
              </Group>
            </li>
          )
        })}
      </ol>
      <NewRule onAdd={rule => onChange(begun(plan, rule))} />
      {plan.defaultSplit?.length ? (
        <Text size="sm" c="dimmed">
          {t.elseSplit}
        </Text>
      ) : (
        <Destination
          key={plan.destination}
          destination={plan.destination}
          onChange={destination => onChange({ ...plan, destination })}
        />
      )}
    </Stack>
  )
}

/** Where everyone else goes: tried when it is left, since half an address leads nowhere. */
function Destination({
  destination,
  onChange,
}: {
  destination: string
  onChange: (to: string) => void
}) {
  const t = useTexts(whatIfTexts)
  const [typed, setTyped] = useState(destination)
  const done = () => typed.trim() && typed !== destination && onChange(typed.trim())
  return (
    <TextInput
      label={`∅ ${t.elseTo}`}
      value={typed}
      onChange={event => setTyped(event.currentTarget.value)}
      onBlur={done}
      onKeyDown={event => event.key === 'Enter' && done()}
    />
  )
}

function NewRule({ onAdd }: { onAdd: (rule: Omit<Rule, 'id' | 'priority'>) => void }) {
  const t = useTexts(whatIfTexts)
  const vocabulary = useVocabulary()
  const speaker = useSpeaker()
  const [test, setTest] = useState<Test>(() => blank(vocabulary, 'country'))
  const [to, setTo] = useState('')
  const field = fieldOf(vocabulary, test.field)
  const takes = operatorOf(vocabulary, test.operator)?.values ?? 'one'
  const ready = isComplete(vocabulary, test) && URL.canParse(to.trim())
  const add = () => {
    onAdd({
      name: speaker.who(test),
      enabled: true,
      when: test as unknown as Rule['when'],
      action: { redirect: to.trim() } as unknown as Rule['action'],
    } as Omit<Rule, 'id' | 'priority'>)
    setTest(blank(vocabulary, test.field))
    setTo('')
  }
  if (!field) return null
  return (
    <form
      className={styles.newRule}
      onSubmit={event => {
        event.preventDefault()
        if (ready) add()
      }}
    >
      <Select
        label={t.send}
        aria-label={t.field}
        data={FIELDS.map(name => ({
          value: name,
          label: fieldOf(vocabulary, name)?.label ?? name,
        }))}
        allowDeselect={false}
        value={test.field}
        onChange={name => name && setTest(blank(vocabulary, name))}
      />
      {takes === 'none' ? (
        <Text pt={24}>{operatorOf(vocabulary, test.operator)?.label}</Text>
      ) : (
        <div className={styles.value}>
          <Text size="sm" fw={500} component="span">
            {operatorOf(vocabulary, test.operator)?.label}
          </Text>
          <ValueInput
            field={field}
            takes={takes}
            operator={test.operator}
            value={test.value}
            onChange={value => setTest({ ...test, value })}
          />
        </div>
      )}
      <TextInput
        label={t.sendTo}
        placeholder={t.sendToHint}
        value={to}
        onChange={event => setTo(event.currentTarget.value)}
      />
      <Button type="submit" variant="light" disabled={!ready}>
        {t.add}
      </Button>
    </form>
  )
}
