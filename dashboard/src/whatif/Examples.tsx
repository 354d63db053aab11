/** Real clicks to look at: who would go elsewhere, from where to where, each to be tried. */
import { Button, Text } from '@mantine/core'
import { useQueries } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useVocabulary } from '~/rules/vocabulary'
import { useFormat } from '~/texts/format'
import { useTexts } from '~/texts/texts'
import { clickQuery } from '~/try/explain'
import { missingNames } from './missing'
import { goesText } from './names'
import type { Replay, ReplayedClick } from './replay'
import { whatIfTexts } from './texts'
import styles from './WhatIf.module.css'

const PER_TRANSITION = 2
const TRANSITIONS = 4
const UNTOLD = 3

export function Examples({
  link,
  replay,
  hasDraft,
}: {
  link: string
  replay: Replay
  hasDraft: boolean
}) {
  const t = useTexts(whatIfTexts)
  const changed = replay.transitions
    .slice(0, TRANSITIONS)
    .flatMap(({ samples }) => samples.slice(0, PER_TRANSITION))
  const untold = replay.samples.unknown.slice(0, UNTOLD)
  const whos = useWho([...changed, ...untold])
  const list = (clicks: readonly ReplayedClick[]) => (
    <ul className={styles.examples}>
      {clicks.map(click => (
        <Example
          key={click.click}
          link={link}
          click={click}
          who={whos.get(click.click)}
          hasDraft={hasDraft}
        />
      ))}
    </ul>
  )
  return (
    <>
      {changed.length > 0 && list(changed)}
      {untold.length > 0 && (
        <>
          <h3 className={styles.small}>{t.untoldExamples}</h3>
          {list(untold)}
        </>
      )}
    </>
  )
}

interface ExampleProps {
  link: string
  click: ReplayedClick
  who: string | undefined
  hasDraft: boolean
}

function Example({ link, click, who, hasDraft }: ExampleProps) {
  const t = useTexts(whatIfTexts)
  const format = useFormat()
  const vocabulary = useVocabulary()
  const when = format.time(click.at)
  const missing = missingNames(
    click.missing.map(fact => ({ fact })),
    vocabulary,
    t.facts,
  )
  return (
    <li>
      <span>
        <Text span size="sm" c="dimmed">
          {when}
        </Text>{' '}
        {who ?? t.somebody}: <span className="address">{goesText(click.from, t)}</span>{' '}
        {missing.length > 0 ? (
          <Text span c="var(--unknown)">
            ? {t.cannotTell(missing.join(', '))}
          </Text>
        ) : (
          <>
            {t.becomes} <b className="address">{goesText(click.to, t)}</b>
          </>
        )}
      </span>
      <Button
        renderRoot={props => (
          <Link
            to="/links/$link/try"
            params={{ link }}
            search={{ click: click.click, against: hasDraft ? 'draft' : undefined }}
            {...props}
          />
        )}
        size="compact-sm"
        variant="default"
        aria-label={t.tryOf(when)}
      >
        {t.tryIt}
      </Button>
    </li>
  )
}

/** Who clicked, as far as it was kept: `Munich, Safari`. */
function useWho(clicks: readonly ReplayedClick[]): ReadonlyMap<string, string> {
  const found = useQueries({ queries: clicks.map(({ click }) => clickQuery(click)) })
  const whos = new Map<string, string>()
  for (const { data } of found) {
    const { city, country, os, browser, deviceType } = data?.visitor ?? {}
    const said = [city ?? country, browser ?? os ?? deviceType].filter(Boolean).map(String)
    if (data && said.length > 0) whos.set(data.id, said.join(', '))
  }
  return whos
}
