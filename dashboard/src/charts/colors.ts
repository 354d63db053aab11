/** The tokens as charts take them: read off the page, so that both themes are one place. */
import { useComputedColorScheme } from '@mantine/core'
import { useMemo } from 'react'

const TOKENS = {
  canvas: '--canvas',
  surface: '--surface',
  sunken: '--sunken',
  line: '--line',
  edge: '--edge',
  text: '--text',
  text2: '--text-2',
  text3: '--text-3',
  accent: '--accent',
  unknown: '--unknown',
  bad: '--bad',
} as const

export type Colors = Record<keyof typeof TOKENS, string> & {
  /** Five at most; what is more is `rest`. */
  series: string[]
  rest: string
  /** From few to many. */
  steps: string[]
}

function read(): Colors {
  const style = getComputedStyle(document.documentElement)
  const token = (name: string) => style.getPropertyValue(name).trim()
  const named = Object.fromEntries(
    Object.entries(TOKENS).map(([name, variable]) => [name, token(variable)]),
  ) as Record<keyof typeof TOKENS, string>
  return {
    ...named,
    series: [1, 2, 3, 4, 5].map(n => token(`--series-${n}`)),
    rest: token('--series-rest'),
    steps: [1, 2, 3, 4, 5, 6, 7].map(n => token(`--step-${n}`)),
  }
}

export function useColors(): Colors {
  const scheme = useComputedColorScheme('light')
  // biome-ignore lint/correctness/useExhaustiveDependencies: the tokens change with the scheme
  return useMemo(read, [scheme])
}
