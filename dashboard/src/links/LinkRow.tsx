/** One link of the table, as a row or as a card. */
import { ActionIcon, Checkbox } from '@mantine/core'
import { IconDots, IconQrcode } from '@tabler/icons-react'
import { Link as To } from '@tanstack/react-router'
import { lazy, memo, Suspense, useState } from 'react'
import { withoutScheme } from '~/parts/address'
import { CopyButton } from '~/parts/CopyButton'
import { useFormat } from '~/texts/format'
import { useTexts } from '~/texts/texts'
import styles from './LinkRow.module.css'
import type { Link } from './link'
import { Spark } from './Spark'
import { StateMark } from './StateMark'
import { stateOf } from './state'
import { linksTexts } from './texts'

const LinkMenu = lazy(() => import('./LinkMenu'))

interface Props {
  link: Link
  index: number
  days?: readonly number[]
  isChosen: boolean
  isCurrent: boolean
  toggle: (id: string, upTo?: boolean) => void
  point: (index: number) => void
  qr: (link: Link) => void
}

export const LinkRow = memo(function LinkRow(row: Props) {
  const { link, index, isChosen, isCurrent, point, qr } = row
  return (
    <tr
      data-row={index}
      aria-rowindex={index + 2}
      aria-selected={isChosen}
      data-current={isCurrent || undefined}
      className={styles.row}
      onFocus={() => point(index)}
    >
      <td>
        <Choose {...row} />
      </td>
      <td className={styles.name}>
        <Name link={link} qr={qr} />
      </td>
      <td className={styles.tags}>
        <Tags tags={link.tags} />
      </td>
      <td>
        <StateMark state={stateOf(link)} />
      </td>
      <td className={styles.clicks}>
        <Clicks {...row} />
      </td>
      <td className={styles.created}>
        <Created iso={link.createdAt} />
      </td>
      <td>
        <More link={link} qr={qr} />
      </td>
    </tr>
  )
})

export const LinkCard = memo(function LinkCard({
  measure,
  ...row
}: Props & { measure: (element: Element | null) => void }) {
  const { link, index, isChosen, qr } = row
  return (
    <li data-index={index} ref={measure} className={styles.item}>
      <article data-row={index} className={styles.card} data-chosen={isChosen || undefined}>
        <div className={styles.line}>
          <Choose {...row} />
          <div className={styles.name}>
            <Name link={link} qr={qr} />
          </div>
          <More link={link} qr={qr} />
        </div>
        <div className={styles.line}>
          <StateMark state={stateOf(link)} />
          <Clicks {...row} />
        </div>
        {0 < link.tags.length && <Tags tags={link.tags} />}
      </article>
    </li>
  )
})

function Choose({ link, isChosen, toggle }: Props) {
  const t = useTexts(linksTexts)
  return (
    <Checkbox
      size="xs"
      aria-label={t.choose(link.slug)}
      checked={isChosen}
      classNames={{ body: styles.choose }}
      onClick={event => toggle(link.id, event.shiftKey)}
      readOnly
    />
  )
}

function Name({ link, qr }: Pick<Props, 'link' | 'qr'>) {
  const t = useTexts(linksTexts)
  return (
    <>
      <span className={styles.address}>
        <To to="/links/$link/rules" params={{ link: link.id }} className={styles.slug}>
          {withoutScheme(link.shortUrl)}
        </To>
        <span className={styles.tools}>
          <CopyButton value={link.shortUrl} label={t.copyOne(link.slug)} />
          <ActionIcon
            variant="subtle"
            title={t.qr}
            aria-label={t.qrOf(link.slug)}
            onClick={() => qr(link)}
          >
            <IconQrcode size={16} />
          </ActionIcon>
        </span>
      </span>
      <span className={styles.about} title={link.destination}>
        {link.title && <span>{link.title} · </span>}
        {withoutScheme(link.destination)}
      </span>
    </>
  )
}

const FEW = 3

function Tags({ tags }: { tags: readonly string[] }) {
  const t = useTexts(linksTexts)
  const rest = tags.slice(FEW)
  return (
    <span className={styles.list}>
      {tags.slice(0, FEW).map(tag => (
        <To
          key={tag}
          to="/links"
          search={{ tag } as never}
          className={styles.tag}
          title={t.onlyTag(tag)}
        >
          {tag}
        </To>
      ))}
      {0 < rest.length && <span title={rest.join(', ')}>+{rest.length}</span>}
    </span>
  )
}

/** The number in short; all of it where somebody points. */
function Clicks({ link, days }: Props) {
  const t = useTexts(linksTexts)
  const format = useFormat()
  const all = t.clicksOfPeople(link.clicks, format.number(link.clicks))
  return (
    <span className={styles.numbers}>
      {days && <Spark days={days} />}
      <To
        to="/links/$link/stats"
        params={{ link: link.id }}
        className={styles.number}
        title={all}
        aria-label={all}
      >
        {format.short(link.clicks)}
      </To>
    </span>
  )
}

function Created({ iso }: { iso: string }) {
  const format = useFormat()
  return (
    <time dateTime={iso} title={`${format.time(iso)} · ${format.time(iso, 'UTC')} UTC`}>
      {format.date(iso)}
    </time>
  )
}

/** The menu comes when somebody asks for it. */
function More({ link, qr }: Pick<Props, 'link' | 'qr'>) {
  const t = useTexts(linksTexts)
  const [isAsked, setAsked] = useState(false)
  const button = (
    <ActionIcon
      variant="subtle"
      aria-label={t.more(link.slug)}
      aria-haspopup="menu"
      onClick={() => setAsked(true)}
    >
      <IconDots size={16} />
    </ActionIcon>
  )
  if (!isAsked) return button
  return (
    <Suspense fallback={button}>
      <LinkMenu link={link} qr={qr} />
    </Suspense>
  )
}
