/** The way that a visitor takes: gates, each rule with its conditions, everyone else. */
import { Text } from '@mantine/core'
import { useFormat } from '~/texts/format'
import { useTexts } from '~/texts/texts'
import { ConditionTree, Test } from './ConditionLine'
import {
  type Condition,
  decisive,
  type Explained,
  type ExplainedRule,
  passedOver,
  ruleMark,
  winnerOf,
} from './explained'
import { MarkOf } from './Marks'
import styles from './Path.module.css'
import { tryTexts } from './texts'

interface Props {
  rules: readonly ExplainedRule[]
  /** The rule that decided. */
  rule?: string | null
  /** What the link itself says first; a past click does not tell. */
  gates?: Explained['gates']
  bot?: Explained['bot']
  showsAll: boolean
}

export function Path({ rules, rule, gates, bot, showsAll }: Props) {
  const t = useTexts(tryTexts)
  const winner = winnerOf({ rule, rules })
  const open = !gates || gates.state === 'open'
  const numbered = rules.map((rule, index) => ({ rule, n: index + 1 }))
  const shown = numbered.filter(({ rule }) => showsAll || ruleMark(rule) !== 'untried')
  const skipped = rules.length - shown.length
  return (
    <ol className={styles.path}>
      {gates && <Gates gates={gates} bot={bot} showsAll={showsAll} />}
      {shown.map(({ rule, n }) => (
        <RuleStep key={rule.id} rule={rule} n={n} decided={n === winner} showsAll={showsAll} />
      ))}
      {skipped > 0 && (
        <li className={styles.step} data-mark="untried">
          <MarkOf mark="untried" />
          <span>{t.skipped(skipped)}</span>
        </li>
      )}
      {(showsAll || (winner === undefined && open)) && (
        <li
          className={styles.step}
          data-mark={winner === undefined && open ? 'true' : 'untried'}
          data-decided={winner === undefined && open ? true : undefined}
        >
          <MarkOf mark={winner === undefined && open ? 'true' : 'untried'} />
          <span className={styles.name}>
            ∅ {t.everyoneElse}
            <span className={styles.reason}>
              {winner === undefined ? t.everyoneMatched : t.everyoneNot}
            </span>
          </span>
        </li>
      )}
    </ol>
  )
}

function Gates({
  gates,
  bot,
  showsAll,
}: { gates: Explained['gates'] } & Pick<Props, 'bot' | 'showsAll'>) {
  const t = useTexts(tryTexts)
  const format = useFormat()
  const said: Record<string, string> = {
    open: t.gatesPassed,
    closed: t.gatesClosed,
    expired: t.gatesExpired,
    shut: t.gatesShut,
  }
  const more = [
    gates.password && t.password,
    gates.clickLimit != null && showsAll && t.limit(format.number(gates.clickLimit)),
    bot && t.bot(bot.name, bot.class),
  ].filter(Boolean)
  const mark = gates.state === 'open' ? 'true' : 'false'
  return (
    <li className={styles.step} data-mark={mark}>
      <MarkOf mark={mark} />
      <span className={styles.name}>
        {t.gates}
        <span className={styles.reason}>{said[gates.state] ?? gates.state}</span>
        {more.map(text => (
          <Text key={String(text)} size="sm" c="var(--text-2)" w="100%">
            {text}
          </Text>
        ))}
      </span>
    </li>
  )
}

function RuleStep({
  rule,
  n,
  decided,
  showsAll,
}: {
  rule: ExplainedRule
  n: number
  decided: boolean
  showsAll: boolean
}) {
  const t = useTexts(tryTexts)
  const mark = ruleMark(rule)
  const when = rule.when as Condition | null | undefined
  const passed = rule.unreachedBecause ? passedOver(rule.unreachedBecause) : undefined
  const reason = !rule.enabled
    ? t.off
    : passed?.because === 'matched'
      ? t.matchedBefore(passed.rule)
      : (passed?.because === 'other' && passed.text) || t.ruleMarks[mark]
  // What does not match is told in one line by what was false of it.
  const settled = when && mark === 'false' && !showsAll ? decisive(when) : undefined
  return (
    <li className={styles.step} data-mark={mark} data-decided={decided || undefined}>
      <MarkOf mark={mark} words={t.ruleMarks[mark]} />
      <div className={styles.rule}>
        <span className={styles.name}>
          {n} {rule.name || t.unnamed}
          <span className={styles.reason}>{reason}</span>
        </span>
        {settled && (
          <ul className={styles.conditions}>
            {settled.map((condition, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: conditions have their place as their only name
              <li key={index} className={styles.condition} data-mark="false">
                <Test condition={condition} />
              </li>
            ))}
          </ul>
        )}
        {when && !settled && (mark !== 'untried' || showsAll) && (
          <ul className={styles.conditions}>
            {/* The rule's own mark says what its outermost "all" would say again. */}
            {when.all ? (
              when.all
                .filter(part => showsAll || part.lookedAt)
                .map((part, index) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: conditions have their place as their only name
                  <ConditionTree key={index} condition={part} decisiveOnly={!showsAll} />
                ))
            ) : (
              <ConditionTree condition={when} decisiveOnly={!showsAll} />
            )}
          </ul>
        )}
      </div>
    </li>
  )
}
