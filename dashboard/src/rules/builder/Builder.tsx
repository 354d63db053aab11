/**
 * Whom a rule takes: its tree of conditions as rows and groups.
 *
 * Our own and not react-querybuilder's: its queries have other shapes than ours (`combinator` and
 * `rules`, `not` as a flag of groups), so each tree would be translated there and back, with every
 * place of a warning, and what has no equal would be lost. Ours edits the very JSON that is stored.
 */
import { Button, Group } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { announce } from '~/shell/announcer'
import { useTexts } from '~/texts/texts'
import { blank } from '../fields'
import { rulesTexts } from '../texts'
import {
  alongside,
  isAll,
  isAny,
  isNot,
  isTest,
  join,
  type Place,
  partAt,
  placesIn,
  replaced,
  type When,
} from '../tree'
import styles from './builder.module.css'
import { ConditionRow } from './ConditionRow'
import { Count } from './Count'
import { useBuilding } from './context'
import { Remarks } from './Remarks'

/** What a new condition asks for until somebody chooses. */
const FIRST_FIELD = 'country'

export function Builder() {
  const { when } = useBuilding()
  const t = useTexts(rulesTexts)
  // A test alone, without a group around it, is shown as the only row of one.
  const bare = isTest(when) || (isNot(when) && isTest(when.not))
  return bare ? (
    <fieldset className={styles.group} data-level={0}>
      <legend className={styles.legend}>
        <span className={styles.head}>{t.allOf}</span>
      </legend>
      <Line part={when} at="" />
      <Additions at="" word="all" />
    </fieldset>
  ) : (
    <GroupOf part={when} at="" level={0} />
  )
}

/** `all` and `any`, each of them also under `not`. */
const HEADS = ['allOf', 'anyOf', 'noneOf', 'notAllOf'] as const
type Head = (typeof HEADS)[number]

function headOf(part: When): Head {
  if (isNot(part)) return isAny(part.not) ? 'noneOf' : 'notAllOf'
  return isAny(part) ? 'anyOf' : 'allOf'
}

function GroupOf({ part, at, level }: { part: When; at: Place; level: number }) {
  const building = useBuilding()
  const { when, edit, counts } = building
  const t = useTexts(rulesTexts)
  const inner = isNot(part) ? part.not : part
  const inside = isNot(part) ? join(at, 'not') : at
  const word = isAny(inner) ? 'any' : 'all'
  const head = headOf(part)

  const turn = (next: Head) => {
    const parts = isAll(inner) ? inner.all : isAny(inner) ? inner.any : [inner]
    const group: When = next === 'allOf' || next === 'notAllOf' ? { all: parts } : { any: parts }
    edit(replaced(when, at, next === 'noneOf' || next === 'notAllOf' ? { not: group } : group))
    announce(t[next])
  }

  return (
    <fieldset className={styles.group} data-level={level} data-word={word}>
      <legend className={styles.legend}>
        <select
          className={styles.head}
          aria-label={t.group}
          value={head}
          onChange={event => turn(event.currentTarget.value as Head)}
        >
          {HEADS.map(head => (
            <option key={head} value={head}>
              {t[head]}
            </option>
          ))}
        </select>
        <Count outcomes={counts.get(at)} />
      </legend>
      <Remarks at={at} />
      {placesIn(inner, inside).map(([place, child], index) => (
        <div className={styles.line} key={place}>
          <span className={styles.word} aria-hidden={index === 0}>
            {index === 0 ? '' : word === 'all' ? t.and : t.or}
          </span>
          <Line part={child} at={place} level={level + 1} />
        </div>
      ))}
      <Additions at={inside} word={word} />
    </fieldset>
  )
}

function Line({ part, at, level = 1 }: { part: When; at: Place; level?: number }) {
  if (isTest(part)) return <ConditionRow test={part} at={at} negated={false} />
  if (isNot(part) && isTest(part.not)) {
    return <ConditionRow test={part.not} at={join(at, 'not')} negated />
  }
  return <GroupOf part={part} at={at} level={level} />
}

/** "+ And" and "+ Or group" stand together, so that neither has to be looked for. */
function Additions({ at, word }: { at: Place; word: 'all' | 'any' }) {
  const { when, edit, vocabulary, focus } = useBuilding()
  const t = useTexts(rulesTexts)
  const add = (group: boolean) => {
    const test = blank(vocabulary, FIRST_FIELD)
    const part: When = !group ? test : word === 'all' ? { any: [test] } : { all: [test] }
    const next = alongside(when, at, part, word)
    focus.current =
      placeOfNew(next, at, word) + (group ? `.${word === 'all' ? 'any' : 'all'}[0]` : '')
    edit(next)
    announce(group ? t.groupAdded : t.conditionAdded)
  }
  return (
    <Group gap="xs" className={styles.additions}>
      <Button
        size="compact-sm"
        variant="subtle"
        leftSection={<IconPlus size={14} aria-hidden />}
        onClick={() => add(false)}
      >
        {word === 'all' ? t.and : t.or}
      </Button>
      <Button
        size="compact-sm"
        variant="subtle"
        leftSection={<IconPlus size={14} aria-hidden />}
        onClick={() => add(true)}
      >
        {word === 'all' ? t.orGroup : t.andGroup}
      </Button>
    </Group>
  )
}

/** Where the last part of the group at a place stands, which may have become a group just now. */
function placeOfNew(when: When, at: Place, word: 'all' | 'any'): Place {
  const group = partAt(when, at)
  return (group && placesIn(group, at).at(-1)?.[0]) ?? join(at, `${word}[0]`)
}
