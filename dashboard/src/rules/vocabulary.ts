/** Everything that a condition can test and how, as the server lists it, in the reader's language. */
import { queryOptions, useSuspenseQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { api, got } from '~/api/client'
import { useRegionName } from '~/parts/regions'
import { defineTexts, useTexts } from '~/texts/texts'
import type { Vocabulary } from './fields'
import type { Grammar } from './grammar'
import english from './grammar.en'
import { Speaker } from './sentence'
import { rulesTexts } from './texts'

export const vocabularyQuery = queryOptions({
  queryKey: ['fields'],
  queryFn: () => got(api.GET('/api/v1/fields')),
  staleTime: Number.POSITIVE_INFINITY,
})

const grammars = defineTexts<Grammar>(english, { de: () => import('./grammar.de') })

/** The fields and operators, called what the reader's language calls them. */
export function useVocabulary(): Vocabulary {
  const { data } = useSuspenseQuery(vocabularyQuery)
  const { words } = useTexts(rulesTexts)
  return useMemo(
    () => ({
      fields: data.fields.map(field => ({
        ...field,
        label: words.fields[field.name] ?? field.label,
        group: words.groups[field.group] ?? field.group,
      })),
      operators: data.operators.map(operator => ({
        ...operator,
        label: words.operators[operator.name] ?? operator.label,
      })),
    }),
    [data, words],
  )
}

/** Says rules as sentences, in the reader's language. */
export function useSpeaker(): Speaker {
  const vocabulary = useVocabulary()
  const words = useTexts(grammars)
  const regionName = useRegionName()
  return useMemo(() => new Speaker(words, vocabulary, regionName), [words, vocabulary, regionName])
}
