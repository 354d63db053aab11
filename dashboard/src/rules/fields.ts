/** What fits what: fields, operators and values of the vocabulary that the server lists. */
import type { Schemas } from '~/api/client'
import type { Action } from './sentence'
import { isWhen, type Place, type Test, testsOf, type When } from './tree'

export type Field = Schemas['Field'] & {
  /** Of `query.ref`, `ref`; of a field without a name in it, nothing. */
  parameter?: string
}
export type Operator = Schemas['Operator']

export interface Vocabulary {
  fields: readonly Field[]
  operators: readonly Operator[]
}

/** The field of that name; `query.ref` is one of `query.*`. */
export function fieldOf({ fields }: Vocabulary, name: string): Field | undefined {
  const exact = fields.find(field => field.name === name)
  if (exact) return exact.name.endsWith('.*') ? { ...exact, parameter: '' } : exact
  const open = fields.find(
    field => field.name.endsWith('.*') && name.startsWith(field.name.slice(0, -1)),
  )
  return open && { ...open, parameter: name.slice(open.name.length - 1) }
}

export function operatorOf({ operators }: Vocabulary, name: string): Operator | undefined {
  return operators.find(operator => operator.name === name)
}

/** The values of a test as texts; a number may be sent as text and a text as a number. */
export function valuesOf(value: unknown): string[] {
  if (value === undefined || value === null || value === '') return []
  return Array.isArray(value) ? value.map(texted) : [texted(value)]
}

const texted = (value: unknown) =>
  value === null ? '' : typeof value === 'object' ? JSON.stringify(value) : String(value)

/** Fields whose list is asked more often than their one value. */
const LISTED = ['country', 'region', 'continent', 'name', 'address', 'language']

/** A new test of a field, with no value yet. */
export function blank(vocabulary: Vocabulary, name: string): Test {
  const field = fieldOf(vocabulary, name)
  const fits = (operator: string) => field?.operators.includes(operator)
  const operator = fits('is_true')
    ? 'is_true'
    : LISTED.includes(field?.kind ?? '') && fits('in')
      ? 'in'
      : (DEFAULTS[name] ?? 'equals')
  return shaped(vocabulary, { field: name, operator }, [])
}

const DEFAULTS: Record<string, string> = {
  hour: 'between',
  time: 'between',
  dayOfWeek: 'in',
  date: 'between',
  percentile: 'less_than',
  osVersion: 'greater_than',
  browserVersion: 'greater_than',
}

/** The test with another operator, its value kept where it fits. */
export function withOperator(vocabulary: Vocabulary, test: Test, operator: string): Test {
  return shaped(vocabulary, { ...test, operator }, valuesOf(test.value), test.value)
}

/** The test with another field: operator and value are kept where they fit. */
export function withField(vocabulary: Vocabulary, test: Test, name: string): Test {
  const [before, after] = [fieldOf(vocabulary, test.field), fieldOf(vocabulary, name)]
  const fresh = blank(vocabulary, name)
  if (!before || !after) return fresh
  const operator = after.operators.includes(test.operator) ? test.operator : fresh.operator
  const values = valuesOf(test.value).filter(value => fits(before, after, value))
  const next: Test = { field: name, operator }
  if (after.source === 'clock' && test.timezone) next.timezone = test.timezone
  // With nothing to keep, what is asked most of such a field is asked.
  if (values.length === 0 && before.kind !== after.kind) return fresh
  return shaped(vocabulary, next, values)
}

const WORDS = ['text', 'name', 'domain', 'language']

function fits(before: Field, after: Field, value: string): boolean {
  if (after.choices.length > 0 && after.kind !== 'name') return after.choices.includes(value)
  if (after.kind === 'name') return before.kind === 'name' && after.choices.includes(value)
  if (WORDS.includes(before.kind) && WORDS.includes(after.kind)) return true
  if (before.kind !== after.kind) return false
  return after.kind !== 'number' || before.name === after.name
}

/** The test with as many values as its operator takes. */
function shaped(vocabulary: Vocabulary, test: Test, values: string[], as?: unknown): Test {
  const { value: _, ...bare } = test
  // What the author wrote as a number stays one.
  const written = (text: string) =>
    Array.isArray(as)
      ? (as.find(it => String(it) === text) ?? text)
      : String(as) === text
        ? as
        : text
  const all = values.map(written)
  switch (operatorOf(vocabulary, test.operator)?.values) {
    case 'none':
      return bare
    case 'many':
      return { ...bare, value: all }
    case 'two':
      return { ...bare, value: [all[0] ?? '', all.at(-1) ?? ''] }
    default:
      return { ...bare, value: all[0] ?? '' }
  }
}

/** Whether it says enough to be asked; whether that is right, the server says. */
export function isComplete(vocabulary: Vocabulary, test: Test): boolean {
  const field = fieldOf(vocabulary, test.field)
  if (field?.parameter === '') return false
  const values = valuesOf(test.value)
  switch (operatorOf(vocabulary, test.operator)?.values) {
    case 'none':
      return true
    case 'two':
      return values.length === 2 && values.every(value => value !== '')
    case 'many':
      return values.length > 0
    default:
      // Text may be compared with nothing: who comes from nowhere has an empty referrer.
      return values.length > 0 || (test.value === '' && field?.kind === 'text')
  }
}

/** The places of conditions that lack something still: not wrong, only not done. */
export function undone(vocabulary: Vocabulary, when: When): Place[] {
  if (!isWhen(when)) return []
  return testsOf(when)
    .filter(([, test]) => !isComplete(vocabulary, test))
    .map(([at]) => at)
}

/** Whether a rule says enough to be saved. */
export function isFinished(vocabulary: Vocabulary, rule: { when: When; action: Action }): boolean {
  const { when, action } = rule
  const leads =
    'redirect' in action
      ? action.redirect !== ''
      : !('split' in action) || action.split.every(({ redirect }) => redirect !== '')
  return leads && undone(vocabulary, when).length === 0
}
