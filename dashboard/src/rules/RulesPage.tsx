/** The rules of a link, in the order in which they are tried, and the draft of them that is edited. */
import {
  closestCenter,
  DndContext,
  type DragEndEvent,
  PointerSensor,
  useSensor,
  useSensors,
} from '@dnd-kit/core'
import { SortableContext, verticalListSortingStrategy } from '@dnd-kit/sortable'
import { Button, Text } from '@mantine/core'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react'
import { notify, notifyProblem } from '~/shell/notices'
import { useFormat } from '~/texts/format'
import { useTexts } from '~/texts/texts'
import { placeOf, ruleOf, useAnalysis, type Warning } from './analysis'
import styles from './cards/cards.module.css'
import { EveryoneElse } from './cards/EveryoneElse'
import { NewRule } from './cards/NewRule'
import { NoRules } from './cards/NoRules'
import { RuleCard } from './cards/RuleCard'
import { Toolbar } from './cards/Toolbar'
import { type Asked, useDeeds } from './deeds'
import { differenceOf, sizeOf } from './difference'
import { discard, useDraft } from './draft/draft'
import { isFinished } from './fields'
import { gatesOf } from './gates'
import { countsOf, metOf, useMatches } from './matches'
import { type Rule, ruleAt, same, withRule } from './plan'
import { Dialogs } from './publish/Dialogs'
import { rulesTexts } from './texts'
import { isWhen } from './tree'
import { useMoveTold } from './useMoveTold'
import { useRuleKeys } from './useRuleKeys'
import { useVocabulary } from './vocabulary'
import { type Fix, fixesOf, isDead } from './warnings'
import { useRuleSparks, useWeek } from './week'

export default function RulesPage() {
  const t = useTexts(rulesTexts)
  const format = useFormat()
  const navigate = useNavigate()
  const search = useSearch({ strict: false })
  const vocabulary = useVocabulary()
  const draft = useDraft()
  const { link, plan, live, edit, faults: refused } = draft
  const analysis = useAnalysis(draft, vocabulary)
  const matches = useMatches(draft, vocabulary)
  const week = useWeek(link.id)
  const ids = useMemo(() => live.rules.map(({ key }) => key), [live])
  const sparks = useRuleSparks(link.id, ids)

  const [open, setOpen] = useState<string | undefined>(search.rule)
  const [current, setCurrent] = useState<string | undefined>(search.rule)
  const [asked, setAsked] = useState<Asked>()
  const [preview, setPreview] = useState<string>()
  // What gets the focus once it is drawn: a handle after a move, a name after an addition.
  const focus = useRef<string>(null)

  const { rules } = plan
  const keys = rules.map(({ key }) => key)
  const nameOf = (rule: Rule) => rule.name || t.unnamed(keys.indexOf(rule.key) + 1)
  const point = (id: string) => {
    focus.current = id
  }
  const moving = useMoveTold(plan, matches, nameOf)
  const { add, addTemplate, deeds, fix } = useDeeds({
    draft,
    vocabulary,
    nameOf,
    setOpen,
    setCurrent,
    ask: setAsked,
    point,
    moving,
  })
  const fresh = same(analysis.keys, keys)
  const changes = sizeOf(differenceOf(live, plan))

  useLayoutEffect(() => {
    if (!focus.current) return
    const found = document.getElementById(focus.current)
    if (!found) return
    focus.current = null
    found.focus()
    found.scrollIntoView({ block: 'nearest' })
  })

  // A condition may come with the address: "send these elsewhere" of the statistics.
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when the page is opened with it
  useEffect(() => {
    if (!search.new) return
    try {
      const when: unknown = JSON.parse(search.new)
      if (isWhen(when)) add({ when: 'all' in when || 'any' in when ? when : { all: [when] } })
    } catch {
      // No condition: nothing to begin with.
    }
    void navigate({ to: '.', search: {}, replace: true })
  }, [])

  const throwAway = () =>
    discard(link.id)
      .then(back => notify(t.discarded, { undo: back }))
      .catch(notifyProblem)
  const publishing = () => {
    const unfinished = rules.find(rule => !isFinished(vocabulary, rule))
    if (unfinished) {
      setOpen(unfinished.key)
      focus.current = `rule-${unfinished.key}`
      notify(t.finishFirst(nameOf(unfinished)))
    } else if (draft.keeping === 'stale') setAsked({ what: 'stale' })
    else if (draft.changed) setAsked({ what: 'publish' })
  }

  const close = (key: string) => {
    setOpen(undefined)
    focus.current = `rule-${key}`
  }
  useRuleKeys({ draft, current, open, deeds, close, add: () => add({}), publish: publishing })

  const sensors = useSensors(useSensor(PointerSensor, { activationConstraint: { distance: 4 } }))
  const dropped = ({ active, over }: DragEndEvent) => {
    if (over && active.id !== over.id) {
      deeds.moveTo(String(active.id), keys.indexOf(String(over.id)))
    }
  }

  const ofRule = <T extends { at: string }>(key: string, found: readonly T[]): T[] =>
    found.filter(({ at }) => analysis.keys[ruleOf(at) ?? -1] === key)
  const previewed = (key: string, fix: Fix | undefined) => {
    if (fix?.kind === 'moveAbove') setPreview(keys[fix.to])
    else if (fix?.kind === 'show') setPreview(keys[fix.rule])
    else setPreview(undefined)
    setCurrent(key)
  }
  const total = matches?.clicks ?? week?.clicks
  const takes = (key: string) =>
    metOf(matches, key)?.takes ?? (week && live.rules.length > 0 ? week.byRule.get(key) : undefined)
  const share = (clicks: number | undefined) =>
    clicks === undefined || !total ? undefined : clicks / total
  const otherwise = matches?.otherwise.takes ?? week?.byRule.get('')
  const outside = [...analysis.warnings, ...analysis.faults].filter(
    ({ at }) => ruleOf(at) === undefined,
  )
  const gates = gatesOf(link, t, format)
  const dead = rules
    .filter(({ key, enabled }) => enabled && isDead(ofRule(key, analysis.warnings)))
    .map(({ key }) => key)

  return (
    <>
      <Toolbar
        draft={draft}
        changes={changes}
        onPublish={publishing}
        onWhatIf={() => void navigate({ to: '/links/$link/what-if', params: { link: link.id } })}
        onDiscard={throwAway}
        onCopyAll={() => setAsked({ what: 'copy', keys })}
        onResolve={() => setAsked({ what: 'stale' })}
      />
      <div className={styles.facts}>
        {gates && <span>{t.gates(gates)}</span>}
        {week && (
          <span>
            {t.weekClicks(format.number(week.clicks), format.number(week.bots))}
            {matches && 1 < matches.every && ` ${t.sampled(format.number(matches.every))}`}
          </span>
        )}
        {1 < dead.length && (
          <Button size="compact-xs" variant="default" onClick={() => deeds.turnOff(dead)}>
            {t.turnOffDead(dead.length)}
          </Button>
        )}
      </div>
      {outside.map(one => (
        <Text key={one.at} size="sm" c={'detail' in one ? 'var(--bad)' : 'var(--unknown)'} mb="xs">
          {'detail' in one ? one.detail : one.message}
        </Text>
      ))}
      {rules.length === 0 && <NoRules onAdd={rule => add(rule)} destination={plan.destination} />}
      <DndContext
        sensors={sensors}
        collisionDetection={closestCenter}
        onDragEnd={dropped}
        accessibility={{ announcements: SILENT, screenReaderInstructions: { draggable: '' } }}
      >
        <SortableContext items={keys} strategy={verticalListSortingStrategy}>
          <ol className={styles.list} aria-label={t.rules}>
            {rules.map((rule, index) => {
              const { key } = rule
              return (
                <RuleCard
                  key={key}
                  rule={rule}
                  live={ruleAt(live, key)}
                  position={index + 1}
                  of={rules.length}
                  link={link.id}
                  destination={plan.destination}
                  vocabulary={vocabulary}
                  isOpen={open === key}
                  isTarget={preview === key}
                  share={share(takes(key) ?? (week && ruleAt(live, key) ? 0 : undefined))}
                  clicks={takes(key)}
                  may={metOf(matches, key)?.mayTake ?? 0}
                  days={sparks.get(key)}
                  warnings={ofRule(key, analysis.warnings)}
                  fixes={(warning: Warning) => (fresh ? fixesOf(warning, plan) : [])}
                  faults={
                    ofRule(key, analysis.faults).length > 0
                      ? ofRule(key, analysis.faults)
                      : refused.filter(({ at }) => ruleOf(at) === index && !placeOf(at))
                  }
                  counts={matches && countsOf(matches, key)}
                  onOpen={isOpen => (isOpen ? setOpen(key) : close(key))}
                  onCurrent={() => setCurrent(key)}
                  onFix={found => {
                    setPreview(undefined)
                    fix(key, found)
                  }}
                  onPreview={found => previewed(key, found)}
                  onChange={(change, what) => edit(plan => withRule(plan, key, change), what)}
                  deeds={deeds}
                />
              )
            })}
            <li className={styles.plain}>
              <NewRule
                onBlank={() => add({})}
                onTemplate={addTemplate}
                onStatistics={() =>
                  void navigate({ to: '/links/$link/stats', params: { link: link.id } })
                }
              />
            </li>
            <EveryoneElse
              plan={plan}
              live={live}
              share={share(otherwise)}
              clicks={otherwise}
              may={matches?.otherwise.mayTake ?? 0}
              faults={faultsOutside(analysis.faults)}
              onChange={(change, what) => edit(plan => ({ ...plan, ...change }), what)}
            />
          </ol>
        </SortableContext>
      </DndContext>
      {asked && (
        <Dialogs
          {...{ draft, asked, nameOf }}
          warnings={analysis.warnings}
          onMove={deeds.moveTo}
          onClose={() => setAsked(undefined)}
        />
      )}
    </>
  )
}

/** Moves are announced by ourselves, in the reader's language. */
const SILENT = {
  onDragStart: () => undefined,
  onDragOver: () => undefined,
  onDragEnd: () => undefined,
  onDragCancel: () => undefined,
}

/** Of the destination and its split: by the place within an action. */
function faultsOutside(faults: readonly { at: string; detail: string }[]): Map<string, string> {
  return new Map(
    faults
      .filter(({ at }) => /^(destination$|defaultSplit)/.test(at))
      .map(({ at, detail }) => [
        at.replace('destination', 'redirect').replace('defaultSplit', 'split'),
        detail,
      ]),
  )
}
