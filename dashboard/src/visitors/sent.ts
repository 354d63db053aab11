/** Facts that the request itself tells as text: where it does not, they are empty and not unknown. */
import { fieldOf, type Vocabulary } from '~/rules/fields'
import type { IsSent } from './visitor'

const TEXTS = ['text', 'domain', 'language']

export function sentBy(vocabulary: Vocabulary): IsSent {
  return name => {
    const field = fieldOf(vocabulary, name)
    return field?.source === 'request' && TEXTS.includes(field.kind)
  }
}
