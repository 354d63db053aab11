/** What one plan changes of another, as sentences: in the publish dialog, conflicts and history. */
import { Stack, Text } from '@mantine/core'
import { IconArrowsUpDown, IconMinus, IconPencil, IconPlus } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { useTexts } from '~/texts/texts'
import { Sentence } from '../cards/Sentence'
import { type Difference, differenceOf, type RuleChange, sizeOf } from '../difference'
import type { Plan, Rule } from '../plan'
import type { Action, Variant } from '../sentence'
import { rulesTexts } from '../texts'
import { useSpeaker } from '../vocabulary'
import styles from './publish.module.css'

export function Changes({ from, to }: { from: Plan; to: Plan }) {
  const t = useTexts(rulesTexts)
  const speaker = useSpeaker()
  const difference = differenceOf(from, to)
  if (sizeOf(difference) === 0) return <Text c="dimmed">{t.nothingChanged}</Text>
  const otherwise = (destination: string, split: Plan['defaultSplit']): string => {
    const action: Action = split ? { split: split as Variant[] } : { redirect: destination }
    return speaker.action(action, t.everyoneElse)
  }
  return (
    <ul className={styles.changes}>
      {difference.rules.map(change => (
        <li key={`${change.kind} ${change.rule.key}`} data-kind={change.kind}>
          <Icon kind={change.kind} />
          <div>
            <strong>{headOf(change, t)}</strong>
            {change.kind === 'changed' ? (
              <Changed before={change.before} rule={change.rule} keys={change.keys} />
            ) : change.kind === 'moved' ? null : (
              <Sentence text={speaker.rule(change.rule)} />
            )}
          </div>
        </li>
      ))}
      {elseChanged(difference) && (
        <li data-kind="changed">
          <Icon kind="changed" />
          <div>
            <strong>{t.everyoneElse}</strong>
            <Sentence
              text={otherwise(to.destination, to.defaultSplit)}
              before={otherwise(from.destination, from.defaultSplit)}
              full
            />
          </div>
        </li>
      )}
    </ul>
  )
}

const elseChanged = ({ destination, defaultSplit }: Difference) =>
  destination !== undefined || defaultSplit !== undefined

function Changed({ before, rule, keys }: { before: Rule; rule: Rule; keys: (keyof Rule)[] }) {
  const t = useTexts(rulesTexts)
  const speaker = useSpeaker()
  const [old, fresh] = [speaker.rule(before), speaker.rule(rule)]
  const lines: ReactNode[] = []
  if (keys.includes('name')) lines.push(t.renamed(before.name || '–', rule.name || '–'))
  if (keys.includes('enabled')) lines.push(rule.enabled ? t.turnedOn : t.turnedOff)
  if (keys.includes('description')) lines.push(t.describedAnew)
  // What cannot be seen in the sentence is shown as it is stored.
  const unseen = (keys.includes('when') || keys.includes('action')) && old === fresh
  return (
    <Stack gap={2}>
      {lines.map((line, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the lines never change places
        <Text key={index} size="sm">
          {line}
        </Text>
      ))}
      {old !== fresh && <Sentence text={fresh} before={old} full />}
      {unseen && (
        <>
          <code className={styles.code}>− {JSON.stringify([before.when, before.action])}</code>
          <code className={styles.code}>+ {JSON.stringify([rule.when, rule.action])}</code>
        </>
      )}
    </Stack>
  )
}

function Icon({ kind }: { kind: RuleChange['kind'] }) {
  const Shape = {
    added: IconPlus,
    removed: IconMinus,
    changed: IconPencil,
    moved: IconArrowsUpDown,
  }[kind]
  return <Shape size={16} aria-hidden />
}

function headOf(change: RuleChange, t: (typeof rulesTexts)['en']): string {
  const name = change.rule.name || t.unnamed(change.position)
  switch (change.kind) {
    case 'added':
      return t.added(name, change.position)
    case 'removed':
      return t.removed(name, change.position)
    case 'moved':
      return t.movedFrom(name, change.from, change.position)
    case 'changed':
      return t.changedRule(name)
  }
}
