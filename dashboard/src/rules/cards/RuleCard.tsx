/** One rule: a line and a sentence, and when it is open, all that can be changed of it. */
import { useSortable } from '@dnd-kit/sortable'
import { Button, Switch, Textarea, TextInput } from '@mantine/core'
import {
  IconAlertTriangle,
  IconCircle,
  IconCircleFilled,
  IconGripVertical,
  IconInfoCircle,
} from '@tabler/icons-react'
import { lazy, memo, Suspense, useMemo, useRef, useState } from 'react'
import type { Fault } from '~/api/problem'
import { Spark } from '~/links/Spark'
import { useTexts } from '~/texts/texts'
import { placeOf, type Warning } from '../analysis'
import { type Building, BuildingContext } from '../builder/context'
import { isFinished, undone, type Vocabulary } from '../fields'
import { inputTexts } from '../inputs/texts'
import type { Outcomes } from '../matches'
import { type Rule, tierOf } from '../plan'
import { rulesTexts } from '../texts'
import { depthOf, isWhen } from '../tree'
import { useSpeaker } from '../vocabulary'
import { type Fix, isDead, sentenceOfWarning, worst } from '../warnings'
import { ActionEditor } from './ActionEditor'
import styles from './cards.module.css'
import { type RuleDeeds, RuleMenu } from './RuleMenu'
import { Sentence } from './Sentence'
import { Share } from './Share'

const Builder = lazy(() => import('../builder/Builder').then(it => ({ default: it.Builder })))
const Outline = lazy(() => import('../builder/Outline').then(it => ({ default: it.Outline })))
const Json = lazy(() => import('../builder/Outline').then(it => ({ default: it.Json })))

/** Past so many levels rows are harder to read than an outline. */
const MOST_LEVELS = 3

const NO_COUNTS: ReadonlyMap<string, Outcomes> = new Map()

interface Props {
  rule: Rule
  /** What visitors get now, if it is one that they get. */
  live: Rule | undefined
  position: number
  of: number
  link: string
  destination: string
  vocabulary: Vocabulary
  isOpen: boolean
  isTarget: boolean
  share: number | undefined
  clicks: number | undefined
  may: number
  days: readonly number[] | undefined
  warnings: readonly Warning[]
  fixes: (warning: Warning) => readonly Fix[]
  faults: readonly Fault[]
  counts: ReadonlyMap<string, Outcomes> | undefined
  onOpen: (open: boolean) => void
  onCurrent: () => void
  onFix: (fix: Fix) => void
  onPreview: (fix: Fix | undefined) => void
  onChange: (change: Partial<Rule>, what?: string) => void
  deeds: RuleDeeds
}

export const RuleCard = memo(function RuleCard(props: Props) {
  const { rule, live, position, isOpen, share, clicks, days, warnings, faults, deeds } = props
  const t = useTexts(rulesTexts)
  const speaker = useSpeaker()
  const [asJson, setAsJson] = useState(false)
  const sortable = useSortable({ id: rule.key, disabled: tierOf(rule) > 0 })
  const { transform, transition, isDragging } = sortable

  const sentence = speaker.rule(rule)
  const name = rule.name || t.unnamed(position)
  const wanting = useMemo(() => undone(props.vocabulary, rule.when), [props.vocabulary, rule.when])
  const wrong = faults.filter(({ at }) => !wanting.some(place => isAbout(at, place)))
  const dead = rule.enabled && isDead(warnings)
  const unfinished = !isFinished(props.vocabulary, rule)
  const grave = worst(warnings)
  const changed = live === undefined || JSON.stringify(live) !== JSON.stringify(rule)

  return (
    <li
      ref={sortable.setNodeRef}
      className={styles.card}
      data-off={!rule.enabled}
      data-dead={dead}
      data-faulty={wrong.length > 0}
      data-dragged={isDragging}
      data-target={props.isTarget}
      data-rule={rule.key}
      style={{
        transform: transform ? `translate3d(0, ${Math.round(transform.y)}px, 0)` : undefined,
        transition,
      }}
      onFocus={props.onCurrent}
      onPointerEnter={props.onCurrent}
    >
      <div className={styles.top}>
        <button
          type="button"
          className={styles.handle}
          id={`handle-${rule.key}`}
          aria-label={t.handle(name, position, props.of)}
          aria-keyshortcuts="Alt+ArrowUp Alt+ArrowDown"
          title={t.handleHint}
          {...sortable.listeners}
        >
          <IconGripVertical size={18} aria-hidden />
        </button>
        <span className={styles.number} aria-hidden>
          {position}
        </span>
        <button
          type="button"
          className={styles.open}
          aria-expanded={isOpen}
          id={`rule-${rule.key}`}
          onClick={() => props.onOpen(!isOpen)}
        >
          <span className={styles.name}>
            <span className={styles.state} data-on={rule.enabled && !dead}>
              {rule.enabled ? (
                <IconCircleFilled size={10} aria-hidden />
              ) : (
                <IconCircle size={10} aria-hidden />
              )}
              {rule.enabled ? <span className="unseen">{t.on}</span> : t.off}
            </span>
            {name}
            {wrong.length > 0 ? (
              <span className={styles.mark} data-grade="error">
                <IconAlertTriangle size={12} aria-hidden /> {t.faulty}
              </span>
            ) : unfinished ? (
              <span className={styles.mark} data-grade="warning">
                {t.unfinished}
              </span>
            ) : (
              grave && (
                <span className={styles.mark} data-grade={grave.severity}>
                  {grave.severity === 'warning' ? (
                    <IconAlertTriangle size={12} aria-hidden />
                  ) : (
                    <IconInfoCircle size={12} aria-hidden />
                  )}{' '}
                  {t.marks[grave.kind] ?? t.marks.other}
                </span>
              )
            )}
            {live === undefined && (
              <span className={styles.mark} data-grade="changed">
                {t.fresh}
              </span>
            )}
            {live !== undefined && changed && (
              <span className={styles.mark} data-grade="changed">
                {t.changed}
              </span>
            )}
            {tierOf(rule) > 0 && (
              <span className={styles.mark}>{t.tiers[tierOf(rule)] ?? t.tiers[1]}</span>
            )}
          </span>
        </button>
        <Share share={rule.enabled ? share : undefined} clicks={clicks} may={props.may} />
        <span className={styles.spark}>{rule.enabled && days && <Spark days={days} />}</span>
        <RuleMenu rule={rule} name={name} position={position} of={props.of} deeds={deeds} />
        {!isOpen && (
          <>
            <span />
            <span />
            <Sentence text={sentence} before={live && speaker.rule(live)} />
          </>
        )}
      </div>
      {(wrong.length > 0 || warnings.length > 0) && (
        <ul className={styles.warnings}>
          {!isOpen &&
            wrong.slice(0, 1).map(fault => (
              <li key={fault.at} className={styles.warning} data-grade="error">
                <span>
                  <IconAlertTriangle size={14} aria-hidden /> {t.faulty}
                </span>
                {fault.detail}
              </li>
            ))}
          {warnings
            .filter(warning => warning === grave || isOpen)
            .filter(warning => !isOpen || !placeOf(warning.at))
            .map(warning => (
              <li
                key={warning.kind + warning.at}
                className={styles.warning}
                data-grade={warning.severity}
              >
                <span>
                  {warning.severity === 'warning' ? (
                    <IconAlertTriangle size={14} aria-hidden />
                  ) : (
                    <IconInfoCircle size={14} aria-hidden />
                  )}
                  {t.marks[warning.kind] ?? t.marks.other}
                </span>
                {sentenceOfWarning(warning, t)}
                {props.fixes(warning).map(fix => (
                  <Button
                    key={fix.kind}
                    size="compact-xs"
                    variant="default"
                    onClick={() => props.onFix(fix)}
                    onPointerEnter={() => props.onPreview(fix)}
                    onPointerLeave={() => props.onPreview(undefined)}
                    onFocus={() => props.onPreview(fix)}
                    onBlur={() => props.onPreview(undefined)}
                  >
                    {fixLabel(fix, t)}
                  </Button>
                ))}
              </li>
            ))}
        </ul>
      )}
      {isOpen && (
        <OpenCard {...props} {...{ sentence, wanting, asJson }} onJson={() => setAsJson(!asJson)} />
      )}
    </li>
  )
})

interface OpenProps extends Props {
  sentence: string
  wanting: readonly string[]
  asJson: boolean
  onJson: () => void
}

function OpenCard(props: OpenProps) {
  const { rule, live, position, warnings, faults, counts, vocabulary, link, onChange } = props
  const t = useTexts(rulesTexts)
  const i = useTexts(inputTexts)
  const speaker = useSpeaker()
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
            {deep ? <Outline /> : props.asJson ? <Json /> : <Builder />}
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
            <Button variant="default" size="compact-md" onClick={props.onJson}>
              {props.asJson ? t.asRows : t.asJson}
            </Button>
          )}
        </div>
      </details>
    </section>
  )
}

/** Whether a problem of the API is about the condition at a place, or a part of it. */
function isAbout(at: string, place: string): boolean {
  const found = placeOf(at)
  if (found === undefined) return false
  return found === place || found === [place, 'value'].filter(Boolean).join('.')
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

function fixLabel(fix: Fix, t: ReturnType<typeof useTexts<typeof rulesTexts.en>>): string {
  switch (fix.kind) {
    case 'moveAbove':
      return t.fixes.moveAbove(fix.to + 1)
    case 'show':
      return t.fixes.show(fix.rule + 1)
    case 'dropValues':
      return t.fixes.dropValues(fix.values.join(', '))
    default:
      return t.fixes[fix.kind]
  }
}
