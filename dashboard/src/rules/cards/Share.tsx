/** How much of last week's clicks a rule takes; a question mark where that hangs on what is not kept. */
import { useFormat } from '~/texts/format'
import { useTexts } from '~/texts/texts'
import { rulesTexts } from '../texts'
import styles from './cards.module.css'

interface Props {
  share: number | undefined
  clicks: number | undefined
  /** Clicks that it may take beside, or another rule. */
  may: number
}

export function Share({ share, clicks, may }: Props) {
  const t = useTexts(rulesTexts)
  const format = useFormat()
  if (share === undefined) return <span className={styles.share}>–</span>
  return (
    <span className={styles.share} title={0 < may ? t.mayTake(format.number(may)) : undefined}>
      {0 < may ? '?' : format.share(share)}
      {clicks !== undefined && (
        <small>
          {0 < may ? t.upTo(format.number(clicks + may)) : t.clicks(clicks, format.number(clicks))}
        </small>
      )}
    </span>
  )
}
