/** Until when the figures go, in which zone, and what places were told by. */
import { useIsFetching, useQuery } from '@tanstack/react-query'
import { aboutQuery } from '~/api/about'
import { useLanguage, useTexts } from '~/texts/texts'
import { useFormat } from '~/texts/format'
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
      {about.data?.sources.map(source => (
        <span key={source.name}>
          {source.name}
          {source.ageDays !== null && `, ${t.daysOld(source.ageDays)}`}
        </span>
      ))}
      {about.data && 0 < about.data.lost && <span>! {t.lost(format.number(about.data.lost))}</span>}
      {loading && <span>{t.loading} …</span>}
    </footer>
  )
}
