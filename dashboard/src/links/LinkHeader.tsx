/** The head of a link's pages: its address, its state, what is live, and the way to each page. */
import { ActionIcon, Anchor, Badge, Group, Text, Title, Tooltip } from '@mantine/core'
import { IconExternalLink, IconQrcode } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Link as To, useNavigate } from '@tanstack/react-router'
import { lazy, Suspense, useEffect, useState } from 'react'
import { withoutScheme } from '~/parts/address'
import { CopyButton } from '~/parts/CopyButton'
import { useActions } from '~/shell/actions'
import { useFormat } from '~/texts/format'
import { useTexts } from '~/texts/texts'
import styles from './LinkHeader.module.css'
import { draftQuery, useLink } from './link'
import { StateMark } from './StateMark'
import { stateOf } from './state'
import { linksTexts } from './texts'

const QrDialog = lazy(() => import('./qr/QrDialog'))

/** The pages of a link, in the order of their tabs. */
const PAGES = [
  { to: '/links/$link/rules', text: 'rules' },
  { to: '/links/$link/try', text: 'try' },
  { to: '/links/$link/what-if', text: 'whatIf' },
  { to: '/links/$link/stats', text: 'statistics' },
  { to: '/links/$link/clicks', text: 'clicks' },
  { to: '/links/$link/history', text: 'history' },
  { to: '/links/$link/settings', text: 'settings' },
] as const

export function LinkHeader() {
  const t = useTexts(linksTexts)
  const format = useFormat()
  const navigate = useNavigate()
  const { link } = useLink()
  const draft = useQuery(draftQuery(link.id))
  const [showsQr, setShowsQr] = useState(false)
  const shown = withoutScheme(link.shortUrl)

  useEffect(() => {
    document.title = `${shown} · Waypost`
  }, [shown])
  useActions([
    { id: 'qr', label: t.qr, keys: 'q', group: shown, run: () => setShowsQr(true) },
    ...PAGES.map(({ to, text }, index) => ({
      id: to,
      label: t.page[text],
      keys: String(index + 1),
      group: shown,
      run: () => void navigate({ to, params: { link: link.id } }),
    })),
  ])

  return (
    <header className={styles.header}>
      <Anchor component={To} to="/links" size="sm" c="dimmed">
        {t.backToLinks}
      </Anchor>
      <Group gap="sm" mt={4}>
        <Title order={1} className="address">
          {shown}
        </Title>
        <Group gap={4}>
          <CopyButton value={link.shortUrl} label={t.copyShort} />
          <Tooltip label={t.qr}>
            <ActionIcon variant="subtle" aria-label={t.qr} onClick={() => setShowsQr(true)}>
              <IconQrcode size={16} />
            </ActionIcon>
          </Tooltip>
          <Tooltip label={t.open}>
            <ActionIcon
              component="a"
              variant="subtle"
              aria-label={t.open}
              href={`${link.shortUrl}+`}
              target="_blank"
              rel="noopener"
            >
              <IconExternalLink size={16} />
            </ActionIcon>
          </Tooltip>
        </Group>
        <StateMark state={stateOf(link)} />
        <Text size="sm" c="dimmed" title={t.revisionTitle(link.revision)}>
          {t.live(link.revision)}
        </Text>
        {draft.data && (
          <Badge variant="light" color="yellow" tt="none" className={styles.draft}>
            {t.draft}
          </Badge>
        )}
      </Group>
      <Text size="sm" c="dimmed" className={styles.about}>
        {link.title && <span>{link.title} · </span>}
        <span className="address">{link.destination}</span> ·{' '}
        {t.clicksOfPeople(link.clicks, format.number(link.clicks))}
      </Text>
      <nav className={styles.tabs} aria-label={t.pagesOfLink}>
        {PAGES.map(({ to, text }) => (
          <To
            key={to}
            to={to}
            params={{ link: link.id }}
            className={styles.tab}
            activeProps={{ 'aria-current': 'page' }}
          >
            {t.page[text]}
          </To>
        ))}
      </nav>
      <Suspense fallback={null}>
        {showsQr && <QrDialog link={link} onClose={() => setShowsQr(false)} />}
      </Suspense>
    </header>
  )
}
