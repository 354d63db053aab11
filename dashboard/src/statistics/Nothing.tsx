/** Why there is nothing to see, and what to do about it. */
import { Button, Group } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { Ask } from '~/api/statistics'
import { Empty } from '~/parts/Empty'
import { useFormat } from '~/texts/format'
import { useTexts } from '~/texts/texts'
import { useAnswer } from './answers'
import { lastQuery } from './began'
import { useBoard } from './board'
import { between, dayIn } from './days'
import type { Period } from './question'
import styles from './Statistics.module.css'
import { statisticsTexts } from './texts'

export function Nothing() {
  const answer = useAnswer('total')
  const isEmpty = answer.now !== undefined && !answer.old && answer.now.clicks === 0
  return isEmpty ? <Why /> : null
}

function Why() {
  const t = useTexts(statisticsTexts)
  const format = useFormat()
  const { question, window, link, change } = useBoard()
  const today = dayIn(window.zone, new Date())
  const scope: Ask = link ? { link } : {}
  const last = useQuery(lastQuery(scope, window.zone, today))
  const filtered = 0 < question.filters.length || question.subject !== null
  const days = last.data ? between(dayIn(window.zone, new Date(last.data)), today) : null
  const wider: Period = days === null ? 'all' : days < 7 ? '7d' : days < 30 ? '30d' : 'all'
  let why = filtered ? t.emptyFiltered : ''
  if (!filtered && last.isSuccess) {
    why = last.data ? t.emptySince(format.date(last.data, window.zone)) : t.emptyEver
  }
  return (
    <div className={styles.wide}>
      <Empty
        title={t.empty}
        action={
          <Group gap="sm">
            {filtered && (
              <Button
                variant="default"
                onClick={() => change({ ...question, filters: [], subject: null })}
              >
                {t.clearFilters}
              </Button>
            )}
            {last.data && (
              <Button
                variant="default"
                onClick={() => change({ ...question, span: { period: wider }, interval: null })}
              >
                {t.widen(t.periods[wider])}
              </Button>
            )}
          </Group>
        }
      >
        {why}
      </Empty>
    </div>
  )
}
