import { describe, expect, test } from 'vitest'
import { colorsOf, evenStepsTo, stepOf, stepsTo } from './steps'

describe('steps', () => {
  for (const largest of [1, 2, 5, 7, 8, 100, 10_311, 4_000_000]) {
    test(`to ${largest} leave out no number and none twice`, () => {
      for (const steps of [stepsTo(largest), evenStepsTo(largest)]) {
        expect(steps[0]?.from).toBe(1)
        expect(steps.at(-1)?.to).toBe(largest)
        for (const [place, step] of steps.entries()) {
          expect(step.from).toBeLessThanOrEqual(step.to)
          if (place) expect(step.from).toBe((steps[place - 1]?.to ?? 0) + 1)
        }
        expect(steps.length).toBeLessThanOrEqual(7)
      }
    })
  }

  test('a number is in one', () => {
    const steps = stepsTo(1000)
    expect(stepOf(steps, 0)).toBe(-1)
    expect(stepOf(steps, 1)).toBe(0)
    expect(stepOf(steps, 1000)).toBe(steps.length - 1)
  })

  test('few take the ends of the colours', () => {
    expect(colorsOf(stepsTo(2), ['a', 'b', 'c', 'd', 'e', 'f', 'g'])).toEqual(['a', 'g'])
  })
})
