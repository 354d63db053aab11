/** A past click twice: what its visitor got then, and what they would get now. */
import { Anchor, Paper, Text, Title } from '@mantine/core'
import { useFormat } from '~/texts/format'
import { useTexts } from '~/texts/texts'
import type { ExplainedClick } from './explain'
import { winnerOf } from './explained'
import { Path } from './Path'
import styles from './TryPage.module.css'
import { tryTexts } from './texts'

interface Props {
  click: ExplainedClick
  showsAll: boolean
}

/** The card of then; the one of now is that of any visitor. */
export function Then({ click, showsAll }: Props) {
  const t = useTexts(tryTexts)
  const { then } = click
  const n = winnerOf(then)
  const name = n ? (then.rules[n - 1]?.name ?? '') : ''
  const closed = t.outcomes[then.outcome as keyof typeof t.outcomes]
  return (
    <Paper withBorder p="lg" bg="var(--surface)" component="section" aria-label={t.thenTitle}>
      <Title order={2} mb="sm">
        {t.thenRevision(then.revision)}
      </Title>
      <Text size="sm" c="dimmed">
        {then.destination ? t.goesTo : t.goesNowhere}
      </Text>
      <Text fw={600} size="lg" className="address">
        {then.destination ?? closed ?? then.outcome}
      </Text>
      <Text c="var(--text-2)" mb="md">
        {n ? t.ruleDecided(n, name) : t.noRule}
      </Text>
      {then.rules.length > 0 ? (
        <Path rules={then.rules} rule={then.rule} showsAll={showsAll} />
      ) : (
        n === undefined && then.rule && <Text c="dimmed">{t.thenRules}</Text>
      )}
    </Paper>
  )
}

/** What the click is, and what changed since. */
export function ClickBanner({
  click,
  moved,
  isDraft,
  onLeave,
}: {
  click: ExplainedClick
  /** Whether they would get something else; undefined while that is asked. */
  moved: boolean | undefined
  isDraft: boolean
  onLeave: () => void
}) {
  const t = useTexts(tryTexts)
  const format = useFormat()
  const other = isDraft ? t.clickOtherDraft : t.clickOther
  const same = isDraft ? t.clickSameDraft : t.clickSame
  return (
    <div className={styles.banner} role="status">
      <span>
        <b>{t.clickOf(format.time(click.at))}</b> {moved !== undefined && (moved ? other : same)}{' '}
        {click.notKept.length > 0 && (
          <Text span size="sm" c="var(--unknown)">
            {t.notKept(click.notKept.join(', '))}
          </Text>
        )}
      </span>
      <Anchor component="button" type="button" onClick={onLeave}>
        {t.leaveClick}
      </Anchor>
    </div>
  )
}
