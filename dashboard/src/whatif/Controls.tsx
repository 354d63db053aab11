/** What was compared, over how many clicks, and the choice of them. */
import { Group, NativeSelect, SegmentedControl, Text, Title } from '@mantine/core'
import type { Schemas } from '~/api/client'
import type { Link } from '~/links/link'
import { useFormat } from '~/texts/format'
import { useTexts } from '~/texts/texts'
import type { Period, Replay } from './replay'
import { whatIfTexts } from './texts'
import styles from './WhatIf.module.css'

type Draft = Schemas['Draft']

export const PERIODS = [7, 30, 90, 365]
export const USUAL_DAYS = 30

interface Props {
  link: Link
  draft: Draft | null
  hasChange: boolean
  replay: Replay | undefined
  period: Period
  set: (change: Record<string, string | undefined>) => void
}

export function Controls({ link, draft, hasChange, replay, period, set }: Props) {
  const t = useTexts(whatIfTexts)
  const format = useFormat()
  const bots = Object.values(replay?.leftOut ?? {}).reduce((sum, n) => sum + n, 0)
  const title = draft
    ? t.titleDraft(link.revision)
    : hasChange
      ? t.titleChange(link.revision)
      : t.title
  return (
    <div className={styles.controls}>
      <div>
        <Title order={2}>{title}</Title>
        {replay && hasChange && (
          <Text size="sm" c="dimmed">
            {t.tookClicks(
              replay.clicks,
              format.number(replay.clicks),
              format.number(Math.max(Math.round(replay.milliseconds / 10) / 100, 0.01)),
            )}
            {bots > 0 && ` · ${t.leftOut(format.number(bots))}`}
          </Text>
        )}
      </div>
      {hasChange && (
        <Group gap="sm" align="end">
          <NativeSelect
            aria-label={t.period}
            size="xs"
            data={PERIODS.map(days => ({ value: String(days), label: t.days(days) }))}
            value={String(period.days)}
            onChange={event => {
              const { value } = event.currentTarget
              set({ days: value === String(USUAL_DAYS) ? undefined : value })
            }}
          />
          <SegmentedControl
            size="xs"
            aria-label={t.who}
            data={[
              { value: 'people', label: t.people },
              { value: 'include', label: t.withBots },
            ]}
            value={period.bots ? 'include' : 'people'}
            onChange={value => set({ bots: value === 'include' ? value : undefined })}
          />
        </Group>
      )}
    </div>
  )
}
