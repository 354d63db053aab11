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
import { Text } from '@mantine/core'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { lazy, Suspense, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react'
import { useActions } from '~/shell/actions'
import { announce } from '~/shell/announcer'
import { notify, notifyProblem, undoLatest } from '~/shell/notices'
import { useFormat } from '~/texts/format'
import { useTexts } from '~/texts/texts'
import { placeOf, ruleOf, useAnalysis, type Warning } from './analysis'
import styles from './cards/cards.module.css'
import { EveryoneElse } from './cards/EveryoneElse'
import { NewRule } from './cards/NewRule'
import { NoRules } from './cards/NoRules'
import { RuleCard } from './cards/RuleCard'
import type { RuleDeeds } from './cards/RuleMenu'
import { Toolbar } from './cards/Toolbar'
import { copied } from './copy'
import { differenceOf, sizeOf } from './difference'
import { discard, saveDraft, useDraft } from './draft'
import { blank, isFinished } from './fields'
import { gatesOf } from './gates'
import { countsOf, metOf, useMatches } from './matches'
import {
  freshKey,
  moved,
  planOf,
  type Rule,
  ruleAt,
  same,
  withNew,
  without,
  withRule,
} from './plan'
import { revisionOf } from './revision'
import type { Template } from './templates'
import { rulesTexts } from './texts'
import { isWhen } from './tree'
import { useVocabulary } from './vocabulary'
import { type Fix, fixesOf, withoutValues } from './warnings'
import { useRuleSparks, useWeek } from './week'

const PublishDialog = lazy(() => import('./publish/PublishDialog'))
const StaleDialog = lazy(() => import('./publish/StaleDialog'))
const CopyDialog = lazy(() => import('./publish/CopyDialog'))
const PositionDialog = lazy(() => import('./publish/PositionDialog'))

type Asked =
  | { what: 'publish' | 'stale' }
  | { what: 'copy'; keys: string[] }
  | { what: 'position'; key: string }

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
  const told = useRef<{ key: string; before: typeof matches }>(null)

  const { rules } = plan
  const keys = rules.map(({ key }) => key)
  const nameOf = (rule: Rule) => rule.name || t.unnamed(keys.indexOf(rule.key) + 1)
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

  // Once the new order is counted, it is said whom the move took from.
  useEffect(() => {
    const { key, before } = told.current ?? {}
    if (!key || !before || !matches || !same(matches.keys, keys) || matches === before) return
    told.current = null
    const rule = ruleAt(plan, key)
    const gained = (metOf(matches, key)?.takes ?? 0) - (metOf(before, key)?.takes ?? 0)
    const [loser] = rules
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

  const add = (change: Partial<Rule>, index = rules.length) => {
    const key = freshKey()
    const rule: Rule = {
      key,
      name: '',
      enabled: true,
      when: { all: [blank(vocabulary, 'country')] },
      action: { redirect: '' },
      ...change,
    }
    edit(plan => withNew(plan, rule, index))
    setOpen(key)
    setCurrent(key)
    focus.current = `name-${key}`
    announce(t.ruleAdded(index + 1, rules.length + 1))
  }
  const addTemplate = (template: Template) =>
    add({
      name: template.name(t),
      when: template.when,
      action: template.action(plan.destination),
    })

  const deeds: RuleDeeds = {
    moveTo: (key, index) => {
      const rule = ruleAt(plan, key)
      if (!rule) return
      const after = moved(plan, key, index)
      edit(plan => moved(plan, key, index))
      focus.current = `handle-${key}`
      const position = after.rules.findIndex(rule => rule.key === key) + 1
      announce(t.nowAt(nameOf(rule), position, after.rules.length))
      told.current = { key, before: matches }
    },
    askPosition: key => setAsked({ what: 'position', key }),
    duplicate: key => {
      const rule = ruleAt(plan, key)
      if (rule) {
        const name = rule.name && t.copyOf(rule.name)
        add({ ...rule, key: freshKey(), name }, keys.indexOf(key) + 1)
      }
    },
    turn: key => {
      const rule = ruleAt(plan, key)
      if (!rule) return
      edit(plan => withRule(plan, key, { enabled: !rule.enabled }))
      announce(rule.enabled ? t.isOff(nameOf(rule)) : t.isOn(nameOf(rule)))
    },
    remove: key => {
      const rule = ruleAt(plan, key)
      if (!rule) return
      const index = keys.indexOf(key)
      edit(plan => without(plan, key))
      const next = keys[index + 1] ?? keys[index - 1]
      if (next) focus.current = `handle-${next}`
      setCurrent(next)
      notify(t.ruleRemoved(nameOf(rule)), {
        undo: () => edit(plan => (ruleAt(plan, key) ? plan : withNew(plan, rule, index))),
      })
    },
    tryIt: () => void navigate({ to: '/links/$link/try', params: { link: link.id } }),
    copyToLink: key => setAsked({ what: 'copy', keys: [key] }),
    copyAs: (key, form) => {
      const rule = ruleAt(plan, key)
      if (!rule) return
      navigator.clipboard
        .writeText(copied(form, link, rule, draft.idOf(key)))
        .then(() => notify(t.copied[form](nameOf(rule))), notifyProblem)
    },
  }
  const fix = (key: string, { ...fix }: Fix) => {
    setPreview(undefined)
    switch (fix.kind) {
      case 'moveAbove':
        return deeds.moveTo(key, fix.to)
      case 'turnOff':
        return deeds.turn(key)
      case 'delete':
        return deeds.remove(key)
      case 'show': {
        const other = keys[fix.rule]
        setOpen(other)
        if (other) focus.current = `rule-${other}`
        return
      }
      case 'dropValues': {
        const rule = ruleAt(plan, key)
        if (!rule) return
        return edit(plan => withRule(plan, key, { when: withoutValues(rule.when, fix.values) }))
      }
      case 'geo':
        return void navigate({ to: '/settings/geo' })
      case 'settings':
        return void navigate({ to: '/links/$link/settings', params: { link: link.id } })
    }
  }
  const throwAway = () =>
    discard(link.id)
      .then(back => notify(t.discarded, { undo: back }))
      .catch(notifyProblem)
  const unpublish = async (revision: number) => {
    try {
      await saveDraft(link.id, planOf(await revisionOf(link.id, revision)))
      notify(t.backAsDraft(revision))
    } catch (error) {
      notifyProblem(error)
    }
  }
  const publishing = () => {
    const unfinished = rules.find(rule => !isFinished(vocabulary, rule))
    if (unfinished) {
      setOpen(unfinished.key)
      focus.current = `rule-${unfinished.key}`
      notify(t.finishFirst(nameOf(unfinished)))
    } else if (draft.keeping === 'stale') setAsked({ what: 'stale' })
    else if (draft.changed) setAsked({ what: 'publish' })
  }

  const step = (by: number) => {
    if (!current || !keys.includes(current)) return
    deeds.moveTo(current, keys.indexOf(current) + by)
  }
  const withCurrent = (deed: (key: string) => void) => () => {
    if (current && keys.includes(current)) deed(current)
  }
  const group = t.rules
  useActions([
    { id: 'rule-new', label: t.newRule, keys: 'n', group, run: () => add({}) },
    { id: 'rule-up', label: t.moveUp, keys: 'Alt+ArrowUp', group, run: () => step(-1) },
    { id: 'rule-down', label: t.moveDown, keys: 'Alt+ArrowDown', group, run: () => step(1) },
    {
      id: 'rule-duplicate',
      label: t.duplicate,
      keys: 'd',
      group,
      run: withCurrent(deeds.duplicate),
    },
    { id: 'rule-turn', label: t.turn, keys: 'o', group, run: withCurrent(deeds.turn) },
    {
      id: 'rule-try',
      label: t.tryIt,
      keys: 't',
      group,
      run: () => void navigate({ to: '/links/$link/try', params: { link: link.id } }),
    },
    {
      id: 'rule-what-if',
      label: t.whatIf,
      keys: 'w',
      group,
      run: () => void navigate({ to: '/links/$link/what-if', params: { link: link.id } }),
    },
    {
      id: 'draft-publish',
      label: t.publishRevision(draft.revision + 1),
      keys: 'Mod+s',
      group,
      run: publishing,
    },
    {
      id: 'draft-undo',
      label: t.undo,
      keys: 'Mod+z',
      group,
      run: () => {
        if (draft.undo()) announce(t.undone)
        else undoLatest()
      },
    },
    {
      id: 'draft-redo',
      label: t.redo,
      keys: 'Mod+Shift+z',
      group,
      run: () => {
        if (draft.redo()) announce(t.redone)
      },
    },
    ...(open
      ? [{ id: 'rule-close', label: t.done, keys: 'Escape', group, run: () => close(open) }]
      : []),
  ])
  const close = (key: string) => {
    setOpen(undefined)
    focus.current = `rule-${key}`
  }

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
                  onFix={found => fix(key, found)}
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
      <Suspense fallback={null}>
        {asked?.what === 'publish' && (
          <PublishDialog
            draft={draft}
            warnings={analysis.warnings}
            onClose={() => setAsked(undefined)}
            onUndo={revision => void unpublish(revision)}
          />
        )}
        {asked?.what === 'stale' && draft.theirs && (
          <StaleDialog draft={draft} onClose={() => setAsked(undefined)} />
        )}
        {asked?.what === 'copy' && (
          <CopyDialog
            from={link}
            rules={rules}
            chosen={asked.keys}
            onClose={() => setAsked(undefined)}
          />
        )}
        {asked?.what === 'position' && (
          <PositionDialog
            name={nameOf(ruleAt(plan, asked.key)!)}
            position={keys.indexOf(asked.key) + 1}
            of={rules.length}
            onMove={position => deeds.moveTo(asked.key, position - 1)}
            onClose={() => setAsked(undefined)}
          />
        )}
      </Suspense>
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
