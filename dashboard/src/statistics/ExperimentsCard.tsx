/** What the ways of a link's splits bring: rates with how sure one may be of them. */
import { Badge, Group } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { type Experiment, experimentsQuery } from '~/api/statistics'
import { barsPicture } from '~/charts/bars'
import { ChartCard } from '~/charts/ChartCard'
import { useColors } from '~/charts/colors'
import { Failed } from '~/parts/Failed'
import { useFormat } from '~/texts/format'
import { useTexts } from '~/texts/texts'
import { useBoard } from './board'
import { Part } from './Part'
import styles from './Statistics.module.css'
import { statisticsTexts } from './texts'

export function ExperimentsCard({ link }: { link: string }) {
  const t = useTexts(statisticsTexts)
  const format = useFormat()
  const colors = useColors()
  const { file } = useBoard()
  const found = useQuery(experimentsQuery(link))
  const experiments = found.data?.data ?? []
  if (found.data && experiments.length === 0) return null
  const variants = experiments.flatMap(experiment =>
    experiment.variants.map(variant => ({ experiment, variant })),
  )
  return (
    <Part wide>
      <ChartCard
        title={t.experiments}
        caption={experiments.map(it => titleOf(it)).join(' · ')}
        file={[t.experiments, ...file]}
        // Of several, each says its own.
        finding={experiments.length === 1 ? experiments[0]?.finding : undefined}
        table={{
          columns: [
            t.experiments,
            t.dimensions.variant ?? '',
            t.weight,
            t.clicks,
            t.visitors,
            t.conversions,
            t.rate,
            '2.5 %',
            '97.5 %',
          ],
          rows: variants.map(({ experiment, variant }) => [
            titleOf(experiment),
            variant.redirect,
            variant.weight,
            variant.clicks,
            variant.visitors,
            variant.conversions,
            variant.rate ?? null,
            variant.interval[0] ?? null,
            variant.interval[1] ?? null,
          ]),
        }}
        picture={() =>
          barsPicture(
            variants.map(({ variant }) => ({
              name: variant.redirect,
              count: variant.rate == null ? '–' : format.share(variant.rate),
              part: variant.rate ?? 0,
            })),
            { text: colors.text, bar: colors.steps[0] ?? '' },
          )
        }
      >
        {found.error && <Failed error={found.error} retry={found.refetch} />}
        {experiments.map(experiment => (
          <One
            key={`${experiment.rule}`}
            experiment={experiment}
            title={titleOf(experiment)}
            finding={1 < experiments.length ? experiment.finding : undefined}
          />
        ))}
      </ChartCard>
    </Part>
  )

  function titleOf(experiment: Experiment) {
    return experiment.rule
      ? t.experimentOf(experiment.ruleName || experiment.rule)
      : t.experimentOfAll
  }
}

interface OneProps {
  experiment: Experiment
  title: string
  finding: string | undefined
}

function One({ experiment, title, finding }: OneProps) {
  const t = useTexts(statisticsTexts)
  const format = useFormat()
  const { sampleRatio, variants } = experiment
  const most = Math.max(0.01, ...variants.map(variant => variant.interval[1] ?? 0))
  const at = (rate: number) => `${Math.min(100, (rate / most) * 100)}%`
  return (
    <section aria-label={title} style={{ marginTop: 8 }}>
      <Group gap="sm">
        <h3 className={styles.label}>{title}</h3>
        <span className={styles.small}>
          {t.since(experiment.revision, format.time(experiment.from))}
        </span>
        <Badge variant="light" color={sampleRatio.isOff ? 'red' : 'gray'} tt="none" c="var(--text)">
          {sampleRatio.isOff ? `! ${t.ratioOff}` : t.ratioOn}
        </Badge>
      </Group>
      {sampleRatio.isOff && <p>{sampleRatio.detail}</p>}
      {variants.map(variant => {
        const [low = 0, high = 1] = variant.interval
        const says = `${t.interval95}: ${format.share(low)} – ${format.share(high)}`
        return (
          <div key={variant.variant} className={styles.way}>
            <Group justify="space-between" gap="sm">
              <span className="address">
                {t.variantName(variant.variant + 1)} · {variant.redirect}
              </span>
              <span>
                {format.number(variant.conversions)} / {format.number(variant.visitors)} ={' '}
                <b>{variant.rate == null ? '–' : format.share(variant.rate)}</b>
              </span>
            </Group>
            <div className={styles.range} role="img" aria-label={says} title={says}>
              <span style={{ left: at(low), right: `calc(100% - ${at(high)})` }} />
              {variant.rate != null && <i style={{ left: at(variant.rate) }} />}
            </div>
            <span className={styles.small}>{says}</span>
          </div>
        )
      })}
      {finding && <p>{finding}</p>}
    </section>
  )
}
