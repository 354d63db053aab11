/** Seven steps of colour for numbers that lie far apart: each step is so many times the one before. */

export interface Step {
  from: number
  to: number
}

const STEPS = 7

/** Steps of whole numbers from 1 to the largest; fewer where seven would be empty. */
export function stepsTo(largest: number): Step[] {
  return steps(largest, part => Math.round(largest ** part))
}

/** Steps of the same length, for numbers that do not lie far apart. */
export function evenStepsTo(largest: number): Step[] {
  return steps(largest, part => Math.round(largest * part))
}

function steps(largest: number, end: (part: number) => number): Step[] {
  const steps: Step[] = []
  let from = 1
  for (let place = 1; place <= STEPS && from <= largest; place++) {
    const to = Math.max(from, end(place / STEPS))
    steps.push({ from, to })
    from = to + 1
  }
  return steps
}

/** Which of the steps a number is in; none for 0. */
export function stepOf(steps: readonly Step[], n: number): number {
  return steps.findIndex(step => step.from <= n && n <= step.to)
}

/** Few steps take the darker colours, so that they can be told apart. */
export function colorsOf(steps: readonly Step[], colors: readonly string[]): string[] {
  const last = colors.length - 1
  return steps.map(
    (_, place) =>
      colors[steps.length === 1 ? last - 2 : Math.round((place * last) / (steps.length - 1))] ?? '',
  )
}
