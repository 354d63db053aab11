/** One condition of a rule: what it asks, what it saw, where that came from, and what cures an unknown. */
import { Anchor } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { valuesOf } from '~/rules/fields'
import type { When } from '~/rules/tree'
import { useSpeaker } from '~/rules/vocabulary'
import { useFormat } from '~/texts/format'
import { useTexts } from '~/texts/texts'
import { type Condition, cureOf, markOf, partsOf, passedOver } from './explained'
import { MarkOf } from './Marks'
import styles from './Path.module.css'
import { type TryTexts, tryTexts } from './texts'

interface Props {
  condition: Condition
  /** Leaves out what the decision did not look at. */
  decisiveOnly: boolean
}

export function ConditionTree({ condition, decisiveOnly }: Props) {
  const t = useTexts(tryTexts)
  const parts = partsOf(condition).filter(part => !decisiveOnly || part.lookedAt)
  if (condition.field) {
    return (
      <li className={styles.condition} data-mark={markOf(condition)}>
        <Test condition={condition} />
      </li>
    )
  }
  const word = condition.all ? t.all : condition.any ? t.any : t.not
  return (
    <li className={styles.condition} data-mark={markOf(condition)}>
      <span>
        <MarkOf mark={markOf(condition)} />
        <em>{word}</em>
      </span>
      <ul className={styles.conditions}>
        {parts.map((part, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: conditions have their place as their only name
          <ConditionTree key={index} condition={part} decisiveOnly={decisiveOnly} />
        ))}
      </ul>
    </li>
  )
}

/** A test as a line: `✓ on iOS or iPadOS  saw iOS  header user-agent`. */
export function Test({ condition }: { condition: Condition }) {
  const t = useTexts(tryTexts)
  const speaker = useSpeaker()
  const cure = cureOf(condition)
  const passed = condition.passedOverBecause && passedOver(condition.passedOverBecause)
  return (
    <span className={styles.test}>
      <MarkOf mark={markOf(condition)} />
      <span>{speaker.part(testOf(condition))}</span>
      {condition.saw != null && condition.lookedAt && !cure && (
        <span className={styles.saw}>
          {t.saw} <b>{sawText(condition, t)}</b>
        </span>
      )}
      {!cure && condition.lookedAt && <From condition={condition} />}
      {passed && passed.because === 'settled' && (
        <span className={styles.reason}>{t.settled(passed.condition, passed.outcome)}</span>
      )}
      {cure && condition.lookedAt && (
        <span className={styles.cure}>
          {t.cures[cure]}
          {cure === 'geo' && (
            <>
              {'. '}
              <Anchor component={Link} to="/settings/geo" size="sm">
                {t.cureActions.geo}
              </Anchor>
            </>
          )}
        </span>
      )}
    </span>
  )
}

const testOf = ({ field = '', operator = '', value, timezone }: Condition): When => ({
  field,
  operator,
  ...(value === undefined ? {} : { value: value as never }),
  ...(timezone ? { timezone } : {}),
})

type Words = Pick<TryTexts, 'empty' | 'unknown' | 'yes' | 'no'>

function sawText({ saw, field }: Condition, t: Words): string {
  if (saw === 'true') return t.yes
  if (saw === 'false') return t.no
  if (saw === 'empty') return t.empty
  if (saw === 'unknown') return t.unknown
  return valuesOf(saw).join(', ') || `${field}`
}

/** Where the value came from; nothing where somebody said it here. */
function From({ condition: { from } }: { condition: Condition }) {
  const t = useTexts(tryTexts)
  const format = useFormat()
  if (!from) return null
  const name = from.name ?? ''
  const said: Record<string, string | undefined> = {
    builtIn: t.from.builtIn,
    file: t.from.file(name, from.builtAt ? format.date(from.builtAt) : undefined),
    header: t.from.header(name),
    query: t.from.query(name),
    cookie: t.from.cookie(name),
    clock: t.from.clock(name),
    address: t.from.address,
    hash: t.from.hash,
    stated: from.text.startsWith('follows') ? t.from.follows : undefined,
  }
  const text = said[from.kind]
  if (!text) return null
  const notSent = from.text.endsWith('which was not sent') ? `, ${t.from.notSent}` : ''
  return (
    <span className={styles.reason} title={from.text}>
      {text}
      {notSent}
    </span>
  )
}
