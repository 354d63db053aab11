/** Where the visitor ends up, in one glance: address, status, and what decided. */
import { Text } from '@mantine/core'
import { shareOf } from '~/rules/sentence'
import { useTexts } from '~/texts/texts'
import styles from './Answer.module.css'
import { type Explained, winnerOf } from './explained'
import { tryTexts } from './texts'

interface Props {
  explained: Explained
  /** The weights of the split that the visitor was drawn in. */
  weights?: readonly number[]
}

export function Answer({ explained, weights }: Props) {
  const t = useTexts(tryTexts)
  const { goesTo, status, gates } = explained
  return (
    <div className={styles.answer} data-outcome={goesTo ? 'goes' : 'stays'}>
      <h2 className={styles.heading}>{goesTo ? t.goesTo : t.goesNowhere}</h2>
      <p className={styles.where}>
        {gates.password && gates.state === 'open' && <Text span>{t.preview} </Text>}
        <span className="address">{goesTo ?? t.page(status)}</span>
        {goesTo && (
          <Text span size="sm" c="dimmed" title={t.statusTitle}>
            {t.statusCached(status)}
          </Text>
        )}
      </p>
      <p className={styles.why}>{useWhy(explained, weights)}</p>
    </div>
  )
}

/** What decided, in a sentence or two. */
export function useWhy(explained: Explained, weights?: readonly number[]): string {
  const t = useTexts(tryTexts)
  const n = winnerOf(explained)
  const rule = n ? explained.rules[n - 1] : undefined
  const decided = n ? t.ruleDecided(n, rule?.name ?? '') : ''
  const { outcome, variant } = explained
  const closed = t.outcomes[outcome as keyof typeof t.outcomes]
  const said = [decided || (closed && outcome !== 'blocked' ? closed : t.noRule)]
  if (outcome === 'blocked') said.push(t.outcomes.blocked)
  if (variant != null && weights && weights.length > 1) {
    const sum = weights.reduce((sum, weight) => sum + weight, 0)
    said.push(t.way(variant + 1, weights.length, shareOf(weights[variant] ?? 0, sum)))
    const by = explained.variantBy === 'cookie' || explained.variantBy === 'dailyHash'
    said.push(t.wayBy[by ? (explained.variantBy as 'cookie') : 'none'])
  }
  return said.join(' ')
}
