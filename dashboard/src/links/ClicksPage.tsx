/** A link's clicks, one by one: each opens in Try it, which says why it went where it went. */
import { Button, Group, Loader, Text } from '@mantine/core'
import { IconRefresh } from '@tabler/icons-react'
import { useInfiniteQuery } from '@tanstack/react-query'
import { Link as To } from '@tanstack/react-router'
import { Suspense } from 'react'
import { Empty } from '~/parts/Empty'
import { Failed } from '~/parts/Failed'
import { Flag } from '~/parts/Flag'
import { useRegionName } from '~/parts/regions'
import { statisticsTexts } from '~/statistics/texts'
import { useFormat } from '~/texts/format'
import { useTexts } from '~/texts/texts'
import styles from './ClicksPage.module.css'
import { type Click, clicksQuery } from './clicks/clicks'
import { clicksTexts } from './clicks/texts'
import { type Link, useLink } from './link'

export default function ClicksPage() {
  const t = useTexts(clicksTexts)
  const { link } = useLink()
  const list = useInfiniteQuery(clicksQuery(link.id))
  const clicks = list.data?.pages.flatMap(page => page.data) ?? []
  if (list.isError) return <Failed error={list.error} retry={() => void list.refetch()} />
  if (list.isPending) return <Loader role="img" aria-label={t.caption} />
  if (clicks.length === 0) return <Empty title={t.none}>{t.noneWhat}</Empty>
  return (
    <>
      <Group justify="space-between" mb="md">
        <Text c="dimmed">{t.about}</Text>
        <Button
          variant="default"
          size="compact-md"
          leftSection={<IconRefresh size={16} aria-hidden />}
          loading={list.isRefetching && !list.isFetchingNextPage}
          onClick={() => void list.refetch()}
        >
          {t.refresh}
        </Button>
      </Group>
      <table className={styles.table}>
        <caption className="unseen">{t.caption}</caption>
        <thead>
          <tr>
            {[t.when, t.where, t.device, t.cameFrom, t.went].map(head => (
              <th key={head}>{head}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {clicks.map(click => (
            <Row key={click.id} click={click} link={link} />
          ))}
        </tbody>
      </table>
      {list.hasNextPage && (
        <Button
          variant="default"
          mt="md"
          loading={list.isFetchingNextPage}
          onClick={() => void list.fetchNextPage()}
        >
          {t.more}
        </Button>
      )}
    </>
  )
}

function Row({ click, link }: { click: Click; link: Link }) {
  const t = useTexts(clicksTexts)
  const format = useFormat()
  const { words } = useTexts(statisticsTexts)
  const when = format.time(click.at)
  const regionName = useRegionName()
  // `US-CA` beside its country is California, or `CA` where nobody knows.
  const region =
    click.region && (regionName(click.region) ?? click.region.replace(/^[A-Z]{2}-/, ''))
  const place = [click.city, region, click.country && format.country(click.country)]
  const device = [click.device && (words[click.device] ?? click.device), click.os, click.browser]
    .filter(Boolean)
    .join(', ')
  return (
    <tr data-bot={click.class === 'person' ? undefined : true}>
      <td data-head={t.when}>
        <To
          to="/links/$link/try"
          params={{ link: link.id }}
          search={{ click: click.id } as never}
          className={styles.open}
          aria-label={t.explain(when)}
          title={`${format.time(click.at, 'UTC')} UTC`}
        >
          {when}
        </To>
      </td>
      <td data-head={t.where}>
        {click.country && (
          <Suspense fallback={null}>
            <Flag country={click.country} />{' '}
          </Suspense>
        )}
        {place.filter(Boolean).join(', ') || t.nowhere}
      </td>
      <td data-head={t.device}>
        {click.class === 'person' ? (
          <>
            {device || t.nothing}
            {click.returning && <span className={styles.more}>{t.returning}</span>}
          </>
        ) : (
          <>
            {words[click.class] ?? click.class}
            {click.reason && <span className={styles.more}>{click.reason}</span>}
          </>
        )}
      </td>
      <td data-head={t.cameFrom}>{click.qr ? t.scanned : (click.referrerDomain ?? t.direct)}</td>
      <td data-head={t.went}>
        <Went click={click} link={link} />
      </td>
    </tr>
  )
}

/** The rule by its name of today; a click keeps its id alone. */
function Went({ click, link }: { click: Click; link: Link }) {
  const t = useTexts(clicksTexts)
  const rule = link.rules.find(({ id }) => id === click.rule)
  const name = click.rule
    ? (rule?.name ?? t.deletedRule)
    : (t.outcomes[click.outcome] ?? click.outcome)
  return (
    <>
      {rule ? (
        <To to="/links/$link/rules" params={{ link: link.id }} search={{ rule: rule.id } as never}>
          {name}
        </To>
      ) : (
        name
      )}
      {click.variant !== null && click.variant !== undefined && `, ${t.way(click.variant)}`}
      <span className={styles.more}>r{click.revision}</span>
    </>
  )
}
