/** What was not kept of clicks, in words: whose fault it is that something cannot be told. */
import { fieldOf, type Vocabulary } from '~/rules/fields'

interface Words {
  split: string
  revision: string
}

export function missingNames(
  missing: readonly { fact: string }[],
  vocabulary: Vocabulary,
  words: Words,
): string[] {
  return missing.map(({ fact }) => {
    if (fact === 'split') return words.split
    if (fact === 'revision') return words.revision
    const field = fieldOf(vocabulary, fact)
    if (!field) return fact
    return field.parameter ? `${field.label} ${field.parameter}` : field.label
  })
}
