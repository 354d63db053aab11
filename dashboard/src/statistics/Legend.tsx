/** Which colour is how many; what is on no map stands beside. */
import { useColors } from '~/charts/colors'
import { useFormat } from '~/texts/format'
import { useTexts } from '~/texts/texts'
import styles from './Statistics.module.css'
import { colorsOf, type Step } from './steps'
import { statisticsTexts } from './texts'

export function Legend({ steps, unknown }: { steps: readonly Step[]; unknown?: string }) {
  const t = useTexts(statisticsTexts)
  return (
    <div className={styles.legend}>
      <span className="unseen">{t.legend}</span>
      {useLegend(steps).map(({ color, label }) => (
        <span key={label} className={styles.step}>
          <i style={{ background: color }} />
          {label}
        </span>
      ))}
      {unknown && <span>{unknown}</span>}
    </div>
  )
}

/** The same, for pictures. */
export function useLegend(steps: readonly Step[]) {
  const format = useFormat()
  const shades = colorsOf(steps, useColors().steps)
  return steps.map(({ from, to }, place) => ({
    color: shades[place] ?? '',
    label: from === to ? format.number(from) : `${format.short(from)}–${format.short(to)}`,
  }))
}
