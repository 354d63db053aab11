/** One rule: a line and a sentence, and when it is open, all that can be changed of it. */
import { useSortable } from '@dnd-kit/sortable'
import { IconCircle, IconCircleFilled, IconGripVertical } from '@tabler/icons-react'
import { useMemo } from 'react'
import type { Fault } from '~/api/problem'
import { Spark } from '~/links/Spark'
import { useTexts } from '~/texts/texts'
import { placeOf, type Warning } from '../analysis'
import { isFinished, undone, type Vocabulary } from '../fields'
import type { Outcomes } from '../matches'
import { type Rule, tierOf } from '../plan'
import { rulesTexts } from '../texts'
import { useSpeaker } from '../vocabulary'
import { type Fix, isDead, worst } from '../warnings'
import styles from './cards.module.css'
import { Marks } from './Marks'
import { OpenCard } from './OpenCard'
import { type RuleDeeds, RuleMenu } from './RuleMenu'
import { Sentence } from './Sentence'
import { Share } from './Share'
import { Warnings } from './Warnings'

export interface CardProps {
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

export function RuleCard(props: CardProps) {
  const { rule, live, position, isOpen, share, clicks, days, warnings, faults, deeds } = props
  const t = useTexts(rulesTexts)
  const speaker = useSpeaker()
  const sortable = useSortable({ id: rule.key, disabled: tierOf(rule) > 0 })
  const { transform, transition, isDragging } = sortable

  const sentence = speaker.rule(rule)
  const name = rule.name || t.unnamed(position)
  const wanting = useMemo(() => undone(props.vocabulary, rule.when), [props.vocabulary, rule.when])
  const wrong = faults.filter(({ at }) => !wanting.some(place => isAbout(at, place)))
  const dead = rule.enabled && isDead(warnings)

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
            <Marks
              rule={rule}
              live={live}
              isFaulty={wrong.length > 0}
              isUnfinished={!isFinished(props.vocabulary, rule)}
              grave={worst(warnings)}
            />
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
      <Warnings
        {...{ wrong, warnings, isOpen }}
        fixes={props.fixes}
        onFix={props.onFix}
        onPreview={props.onPreview}
      />
      {isOpen && <OpenCard {...props} {...{ sentence, wanting }} />}
    </li>
  )
}

/** Whether a problem of the API is about the condition at a place, or a part of it. */
function isAbout(at: string, place: string): boolean {
  const found = placeOf(at)
  if (found === undefined) return false
  return found === place || found === [place, 'value'].filter(Boolean).join('.')
}
