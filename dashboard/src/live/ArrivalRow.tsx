/** One click that has come: who, from where, by which link and rule, how fast, and the way to Try. */
import { Badge, Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { memo, Suspense } from 'react'
import { linkQuery } from '~/api/statistics'
import { Flag } from '~/parts/Flag'
import { statisticsTexts } from '~/statistics/texts'
import { useFormat } from '~/texts/format'
import { useLanguage, useTexts } from '~/texts/texts'
import type { Arrival } from './arrivals'
import styles from './Live.module.css'
import { liveTexts } from './texts'

interface Props {
  click: Arrival
  mine: boolean
}

export const ArrivalRow = memo(function ArrivalRow({ click, mine }: Props) {
  const t = useTexts(liveTexts)
  const words = useTexts(statisticsTexts).words
  const format = useFormat()
  const language = useLanguage()
  const link = useQuery(linkQuery(click.link)).data
  const rule = link?.rules.find(({ id }) => id === click.rule)
  const place = [click.city, click.country && format.country(click.country)]
    .filter(Boolean)
    .join(', ')
  const time = new Date(click.at).toLocaleTimeString(language, { timeStyle: 'medium' })
  const visitor = [click.device && (words[click.device] ?? click.device), click.os, click.browser]
  const slug = link?.slug ?? click.link
  const went = click.rule ? rule?.name || t.aRule : (words[click.outcome] ?? click.outcome)
  return (
    <li className={styles.arrival}>
      <div>
        <time className={styles.time} dateTime={click.at} title={click.at}>
          {time}
        </time>
      </div>
      <div>
        <span className={styles.cut}>
          {click.country && (
            <Suspense>
              <Flag country={click.country} />{' '}
            </Suspense>
          )}
          {place || t.unknownPlace}
        </span>
        <span className={`${styles.cut} ${styles.weak}`}>
          {click.qr ? t.qr : (click.referrerDomain ?? t.direct)}
        </span>
      </div>
      <div>
        <span className={styles.cut}>{visitor.filter(Boolean).join(' · ')}</span>
        {mine && (
          <Badge size="sm" variant="light" tt="none">
            {t.you}
          </Badge>
        )}
        {click.class !== 'person' && (
          <Badge size="sm" variant="default" tt="none">
            {t.bot} {click.reason ?? ''}
          </Badge>
        )}
      </div>
      <div>
        <span className={`${styles.cut} address`}>{slug}</span>
        <span className={`${styles.cut} ${styles.weak}`}>
          {went}
          {click.decisionMicroseconds != null &&
            ` · ${t.micro(format.number(click.decisionMicroseconds))}`}
        </span>
      </div>
      <Button
        component={Link}
        to={'/links/$link/try' as string}
        params={{ link: click.link } as never}
        search={{ click: click.id } as never}
        size="compact-sm"
        variant="subtle"
        className={styles.try}
        aria-label={t.tryClick(`${time}, ${place || t.unknownPlace}, ${slug}`)}
      >
        {t.try}
      </Button>
    </li>
  )
})
