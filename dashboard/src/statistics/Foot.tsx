/** Until when the figures go, in which zone, and what places were told by. */
import { useIsFetching, useQuery } from '@tanstack/react-query'
import { aboutQuery } from '~/api/about'
import { isOld } from '~/settings/geo/sources'
import { useFormat } from '~/texts/format'
import { useLanguage, useTexts } from '~/texts/texts'
import { useAnswer } from './answers'
import { useBoard } from './board'
import styles from './Statistics.module.css'
import { statisticsTexts } from './texts'

export function Foot() {
  const t = useTexts(statisticsTexts)
  const format = useFormat()
  const language = useLanguage()
  const { window } = useBoard()
  const answer = useAnswer('total')
  const about = useQuery(aboutQuery)
  const loading = 0 < useIsFetching({ queryKey: ['statistics'] })
  const time = (at: number) =>
    new Date(at).toLocaleTimeString(language, { timeStyle: 'medium', timeZone: window.zone })
  return (
    <footer className={styles.foot}>
      {answer.now && (
        <span title={new Date(answer.at).toISOString()}>{t.dataTo(time(answer.at))}</span>
      )}
      <span>{window.zone}</span>
      {about.data?.geo.map(source => (
        <span key={source.name} className={isOld(source) ? styles.aged : undefined}>
          {isOld(source) && '! '}
          {source.kind}
          {source.ageDays != null && `, ${t.daysOld(source.ageDays)}`}
        </span>
      ))}
      {about.data && 0 < about.data.clicks.unrecorded && (
        <span>! {t.lost(format.number(about.data.clicks.unrecorded))}</span>
      )}
      {loading && <span>{t.loading} …</span>}
    </footer>
  )
}
