/** All that can be changed of a rule. */
import { Button, Switch, Textarea, TextInput } from '@mantine/core'
import { lazy, Suspense, useMemo, useRef, useState } from 'react'
import type { Fault } from '~/api/problem'
import { useTexts } from '~/texts/texts'
import { placeOf, type Warning } from '../analysis'
import { type Building, BuildingContext } from '../builder/context'
import { inputTexts } from '../inputs/texts'
import type { Outcomes } from '../matches'
import { rulesTexts } from '../texts'
import { depthOf, isWhen } from '../tree'
import { useSpeaker } from '../vocabulary'
import { ActionEditor } from './ActionEditor'
import styles from './cards.module.css'
import type { CardProps } from './RuleCard'
import { Sentence } from './Sentence'

const Builder = lazy(() => import('../builder/Builder').then(it => ({ default: it.Builder })))
const Outline = lazy(() => import('../builder/Outline').then(it => ({ default: it.Outline })))
const Json = lazy(() => import('../builder/Outline').then(it => ({ default: it.Json })))

/** Past so many levels rows are harder to read than an outline. */
const MOST_LEVELS = 3

const NO_COUNTS: ReadonlyMap<string, Outcomes> = new Map()

interface Props extends CardProps {
  sentence: string
  /** Places that still lack a value. */
  wanting: readonly string[]
}

export function OpenCard(props: Props) {
  const { rule, live, position, warnings, faults, counts, vocabulary, link, onChange } = props
  const t = useTexts(rulesTexts)
  const i = useTexts(inputTexts)
  const speaker = useSpeaker()
  const [asJson, setAsJson] = useState(false)
  const focus = useRef<string | null>(null)
  const readable = isWhen(rule.when)
  const deep = !readable || MOST_LEVELS < depthOf(rule.when)

  const building = useMemo(
    (): Building => ({
      vocabulary,
      link,
      when: rule.when,
      edit: (when, what) => onChange({ when }, what && `${rule.key} ${what}`),
      counts: counts ?? NO_COUNTS,
      faults: byPlace(faults),
      warnings: warningsByPlace(warnings),
      undone: props.wanting,
      focus,
    }),
    [vocabulary, link, rule.when, rule.key, onChange, counts, faults, warnings, props.wanting],
  )
  const actionFaults = new Map(
    faults.flatMap(({ at, detail }) => {
      const found = /^rules\[\d+\]\.action(?:\.(.*))?$/.exec(at)
      return found ? [[found[1] ?? '', detail] as const] : []
    }),
  )
  const rest = faults.filter(({ at }) => /^rules\[\d+\](\.(name|description|timezone))?$/.test(at))

  return (
    <section className={styles.body} aria-label={rule.name || t.unnamed(position)}>
      <div className={styles.named}>
        <TextInput
          style={{ flex: '1 1 240px' }}
          aria-label={t.name}
          id={`name-${rule.key}`}
          placeholder={t.namePlaceholder}
          value={rule.name}
          error={rest[0]?.detail}
          onChange={event => onChange({ name: event.currentTarget.value }, `${rule.key} name`)}
        />
        <Switch
          label={t.on}
          checked={rule.enabled}
          onChange={event => onChange({ enabled: event.currentTarget.checked })}
        />
        <Button variant="default" size="compact-md" onClick={() => props.onOpen(false)}>
          {t.done}
        </Button>
      </div>
      <Sentence text={props.sentence} before={live && speaker.rule(live)} full />
      <BuildingContext value={building}>
        <div className={styles.part}>
          <h2>{t.who}</h2>
          <Suspense fallback={null}>
            {deep ? <Outline /> : asJson ? <Json /> : <Builder />}
          </Suspense>
        </div>
      </BuildingContext>
      <div className={styles.part}>
        <h2>{t.do}</h2>
        <ActionEditor
          action={rule.action}
          destination={props.destination}
          faults={actionFaults}
          onChange={(action, what) => onChange({ action }, what && `${rule.key} ${what}`)}
        />
      </div>
      <details>
        <summary>{t.more}</summary>
        <div className={styles.named}>
          <Textarea
            style={{ flex: '1 1 320px' }}
            label={t.description}
            autosize
            minRows={1}
            value={rule.description ?? ''}
            onChange={event =>
              onChange({ description: event.currentTarget.value }, `${rule.key} description`)
            }
          />
          <TextInput
            style={{ flex: '1 1 220px' }}
            label={t.ruleZone}
            description={i.zoneVisitor}
            value={rule.timezone ?? ''}
            placeholder="Europe/Berlin"
            onChange={event =>
              onChange({ timezone: event.currentTarget.value }, `${rule.key} timezone`)
            }
          />
          {!deep && (
            <Button variant="default" size="compact-md" onClick={() => setAsJson(!asJson)}>
              {asJson ? t.asRows : t.asJson}
            </Button>
          )}
        </div>
      </details>
    </section>
  )
}

function byPlace(faults: readonly Fault[]): Map<string, string> {
  return new Map(
    faults.flatMap(({ at, detail }) => {
      const place = placeOf(at)
      return place === undefined ? [] : [[place, detail] as const]
    }),
  )
}

function warningsByPlace(warnings: readonly Warning[]): Map<string, Warning[]> {
  const found = new Map<string, Warning[]>()
  for (const warning of warnings) {
    const place = placeOf(warning.at)
    if (place !== undefined) found.set(place, [...(found.get(place) ?? []), warning])
  }
  return found
}
