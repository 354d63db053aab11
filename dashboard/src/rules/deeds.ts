/** What can be done to rules; each deed says what it did and leaves the focus where one goes on. */
import { useNavigate } from '@tanstack/react-router'
import { announce } from '~/shell/announcer'
import { notify, notifyProblem } from '~/shell/notices'
import { useTexts } from '~/texts/texts'
import type { RuleDeeds } from './cards/RuleMenu'
import { copied } from './copy'
import type { Draft } from './draft/draft'
import { blank, type Vocabulary } from './fields'
import { freshKey, moved, type Rule, ruleAt, withNew, without, withRule } from './plan'
import type { Template } from './templates'
import { rulesTexts } from './texts'
import { type Fix, withoutValues } from './warnings'

/** Questions in a dialog of their own. */
export type Asked =
  | { what: 'publish' | 'stale' }
  | { what: 'copy'; keys: string[] }
  | { what: 'position'; key: string }

interface Page {
  draft: Draft
  vocabulary: Vocabulary
  nameOf: (rule: Rule) => string
  setOpen: (key: string | undefined) => void
  setCurrent: (key: string | undefined) => void
  ask: (asked: Asked) => void
  /** What gets the focus once it is drawn. */
  point: (id: string) => void
  /** Has it said whom a move took from, once that is counted. */
  moving: (key: string) => void
}

export function useDeeds(page: Page) {
  const { draft, vocabulary, nameOf, setOpen, setCurrent, ask, point, moving } = page
  const t = useTexts(rulesTexts)
  const navigate = useNavigate()
  const { link, plan, edit } = draft
  const { rules } = plan
  const keys = rules.map(({ key }) => key)

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
    point(`name-${key}`)
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
      point(`handle-${key}`)
      const position = after.rules.findIndex(rule => rule.key === key) + 1
      announce(t.nowAt(nameOf(rule), position, after.rules.length))
      moving(key)
    },
    askPosition: key => ask({ what: 'position', key }),
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
    turnOff: those => {
      edit(plan => those.reduce((plan, key) => withRule(plan, key, { enabled: false }), plan))
      announce(t.turnedOffDead(those.length))
    },
    remove: key => {
      const rule = ruleAt(plan, key)
      if (!rule) return
      const index = keys.indexOf(key)
      edit(plan => without(plan, key))
      const next = keys[index + 1] ?? keys[index - 1]
      if (next) point(`handle-${next}`)
      setCurrent(next)
      notify(t.ruleRemoved(nameOf(rule)), {
        undo: () => edit(plan => (ruleAt(plan, key) ? plan : withNew(plan, rule, index))),
      })
    },
    tryIt: () => void navigate({ to: '/links/$link/try', params: { link: link.id } }),
    copyToLink: key => ask({ what: 'copy', keys: [key] }),
    copyAs: (key, form) => {
      const rule = ruleAt(plan, key)
      if (!rule) return
      navigator.clipboard
        .writeText(copied(form, link, rule, draft.idOf(key)))
        .then(() => notify(t.copied[form](nameOf(rule))), notifyProblem)
    },
  }
  const fix = (key: string, { ...fix }: Fix) => {
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
        if (other) point(`rule-${other}`)
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
  return { add, addTemplate, deeds, fix }
}
