/** True, false, unknown, not tried: always a glyph and a word, the colour comes third. */
import { useTexts } from '~/texts/texts'
import type { Mark } from './explained'
import styles from './Path.module.css'
import { tryTexts } from './texts'

/** `failed` is a test that does not pass: the only one that is an error. */
const GLYPHS: Record<Mark | 'failed', string> = {
  true: '✓',
  false: '✗',
  unknown: '?',
  untried: '–',
  failed: '✗',
}

export function MarkOf({ mark, words }: { mark: Mark | 'failed'; words?: string }) {
  const t = useTexts(tryTexts)
  const said = words ?? t.marks[mark === 'failed' ? 'false' : mark]
  return (
    <span className={styles.mark} data-mark={mark} title={said}>
      <span aria-hidden>{GLYPHS[mark]}</span>
      <span className="unseen">{said}: </span>
    </span>
  )
}
