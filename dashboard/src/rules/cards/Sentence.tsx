/** A sentence with what the draft changed of it underlined. */
import { wordsBetween } from '../difference'
import styles from './cards.module.css'

interface Props {
  text: string
  /** The same before; none where there was none or nobody asks. */
  before?: string
  /** Also what went, struck through. */
  full?: boolean
}

export function Sentence({ text, before, full = false }: Props) {
  if (before === undefined || before === text) return <p className={styles.sentence}>{text}</p>
  return (
    <p className={styles.sentence}>
      {wordsBetween(before, text)
        .filter(words => full || words.in !== 'before')
        .map((words, index) =>
          words.in === 'both' ? (
            words.text
          ) : words.in === 'after' ? (
            // biome-ignore lint/suspicious/noArrayIndexKey: words have nothing else
            <ins key={index}>{words.text}</ins>
          ) : (
            // biome-ignore lint/suspicious/noArrayIndexKey: words have nothing else
            <del key={index}>{words.text}</del>
          ),
        )}
    </p>
  )
}
