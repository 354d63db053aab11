/** Says, once a new order is counted, whom a moved rule took clicks from. */
import { useEffect, useRef } from 'react'
import { announce } from '~/shell/announcer'
import { useFormat } from '~/texts/format'
import { useTexts } from '~/texts/texts'
import { type Counted, metOf } from './matches'
import { type Plan, type Rule, ruleAt, same } from './plan'
import { rulesTexts } from './texts'

/** Answers what is to be called when a rule was moved. */
export function useMoveTold(
  plan: Plan,
  matches: Counted | undefined,
  nameOf: (rule: Rule) => string,
): (key: string) => void {
  const t = useTexts(rulesTexts)
  const format = useFormat()
  const told = useRef<{ key: string; before: typeof matches }>(null)
  useEffect(() => {
    const keys = plan.rules.map(({ key }) => key)
    const { key, before } = told.current ?? {}
    if (!key || !before || !matches || !same(matches.keys, keys) || matches === before) return
    told.current = null
    const rule = ruleAt(plan, key)
    const gained = (metOf(matches, key)?.takes ?? 0) - (metOf(before, key)?.takes ?? 0)
    const [loser] = plan.rules
      .filter(other => other.key !== key)
      .map(other => ({
        other,
        lost: (metOf(before, other.key)?.takes ?? 0) - (metOf(matches, other.key)?.takes ?? 0),
      }))
      .sort((a, b) => Math.abs(b.lost) - Math.abs(a.lost))
    if (!rule || gained === 0) return
    const other = loser && loser.lost !== 0 ? nameOf(loser.other) : t.everyoneElse
    announce(
      gained > 0
        ? t.takesFrom(nameOf(rule), format.number(gained), other)
        : t.givesTo(nameOf(rule), format.number(-gained), other),
    )
  })
  return key => {
    told.current = { key, before: matches }
  }
}
