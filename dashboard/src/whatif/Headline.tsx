/** The three buckets: what goes elsewhere, what does not, and what nobody can tell. */
import { Text } from '@mantine/core'
import { useVocabulary } from '~/rules/vocabulary'
import { useFormat } from '~/texts/format'
import { useTexts } from '~/texts/texts'
import { missingNames } from './missing'
import type { Replay } from './replay'
import { whatIfTexts } from './texts'
import styles from './WhatIf.module.css'

export function Headline({ replay }: { replay: Replay }) {
  const t = useTexts(whatIfTexts)
  const format = useFormat()
  const vocabulary = useVocabulary()
  const { clicks, changed, same, unknown, missing } = replay
  const share = (n: number) => (clicks === 0 ? 0 : n / clicks)
  const names = missingNames(missing, vocabulary, t.facts)
  const notKept = names.map((name, index) =>
    names.length === 1 ? name : t.factClicks(name, format.number(missing[index]?.clicks ?? 0)),
  )
  const buckets = [
    { key: 'changed', n: changed, words: t.elsewhere(changed) },
    { key: 'same', n: same, words: t.same(same) },
    { key: 'unknown', n: unknown, words: t.untold },
  ]
  return (
    <section>
      <div className={styles.bar} aria-hidden>
        {buckets.map(({ key, n }) => (
          <span key={key} data-kind={key} style={{ flexGrow: n, minWidth: n > 0 ? 2 : 0 }} />
        ))}
      </div>
      <dl className={styles.buckets}>
        {buckets.map(({ key, n, words }) => (
          <div key={key} data-kind={key}>
            <dt>{words}</dt>
            <dd>
              {format.number(n)} <small>{format.share(share(n))}</small>
            </dd>
          </div>
        ))}
      </dl>
      {unknown > 0 && notKept.length > 0 && (
        <Text size="sm" c="var(--unknown)" title={t.whyNotKept}>
          ? {t.notKept(notKept.join(', '))}. {t.whyNotKept}
        </Text>
      )}
    </section>
  )
}
