import { expect, test } from 'vitest'
import { begun, changeBy, isSame, moved, type Plan, type Rule, removed, toggled } from './plan'

const rule = (id: string, priority: number) => {
  const when = { field: 'os', operator: 'equals', value: id }
  return { id, priority, name: id, enabled: true, when, action: { redirect: `https://${id}` } }
}
const plan = {
  destination: 'https://example.com/',
  rules: [rule('a', 1), rule('b', 2), rule('c', 3)],
} as unknown as Plan
const ids = ({ rules }: Plan) => rules.map(({ id }) => id)

test('a rule is turned off and on again', () => {
  const off = toggled(plan, 'b')
  expect(off.rules.map(({ enabled }) => enabled)).toEqual([true, false, true])
  expect(isSame(toggled(off, 'b'), plan)).toBe(true)
})

test('a rule moves as far as the list goes', () => {
  expect(ids(moved(plan, 'c', -1))).toEqual(['a', 'c', 'b'])
  expect(moved(plan, 'a', -1)).toBe(plan)
  expect(moved(plan, 'x', 1)).toBe(plan)
})

test('the order of the list is what is sent, not the priorities of before', () => {
  const { rules } = changeBy(moved(plan, 'c', -2))
  expect(rules?.map(rule => (rule as Rule).id)).toEqual(['c', 'a', 'b'])
  for (const rule of rules ?? []) expect(rule).not.toHaveProperty('priority')
})

test('a new rule has no id for the server, and can be taken away again', () => {
  const { id: _, priority: __, ...bare } = rule('d', 1)
  const more = begun(plan, bare as never)
  expect(changeBy(more).rules?.[0]).toEqual(bare)
  expect(isSame(removed(more, more.rules[0]!.id), plan)).toBe(true)
})
