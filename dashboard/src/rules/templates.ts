/** Rules to begin with, which are edited like any other. */
import type { Action } from './sentence'
import type { RulesTexts } from './texts'
import type { When } from './tree'

export interface Template {
  name: (t: RulesTexts) => string
  when: When
  action: (destination: string) => Action
}

const test = (field: string, operator: string, value?: unknown): When =>
  value === undefined ? { field, operator } : { field, operator, value }

const to = (destination: string): Action => ({ redirect: destination })

export const TEMPLATES: readonly Template[] = [
  {
    name: t => t.templates.apple,
    when: { all: [test('os', 'in', ['iOS', 'iPadOS'])] },
    action: to,
  },
  { name: t => t.templates.android, when: { all: [test('os', 'in', ['Android'])] }, action: to },
  { name: t => t.templates.country, when: { all: [test('country', 'in', [])] }, action: to },
  {
    name: t => t.templates.split,
    when: { all: [test('percentile', 'less_than', 100)] },
    action: destination => ({
      split: [
        { weight: 1, redirect: destination },
        { weight: 1, redirect: destination },
      ],
    }),
  },
  { name: t => t.templates.fresh, when: { all: [test('isNewVisitor', 'is_true')] }, action: to },
  {
    name: t => t.templates.hours,
    when: {
      all: [test('dayOfWeek', 'in', [1, 2, 3, 4, 5]), test('hour', 'between', [9, 16])],
    },
    action: to,
  },
  {
    name: t => t.templates.campaign,
    when: { all: [test('utmSource', 'equals', 'newsletter')] },
    action: to,
  },
  {
    name: t => t.templates.block,
    when: { all: [test('country', 'in', [])] },
    action: () => ({ block: 451 }),
  },
]
