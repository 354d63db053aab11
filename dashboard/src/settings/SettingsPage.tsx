/** The settings, by whom they belong to, and the one that is open. */
import { Link, Outlet, useNavigate, useRouterState } from '@tanstack/react-router'
import { useMe } from '~/api/me'
import { useActions } from '~/shell/actions'
import { useTexts } from '~/texts/texts'
import styles from './SettingsPage.module.css'
import { settingsTexts } from './texts'

/** Every page of the settings; `admin` ones are for owners. */
const PAGES = [
  { to: '/settings/you', label: 'you', group: 'yours' },
  { to: '/settings/appearance', label: 'appearance', group: 'yours' },
  { to: '/settings/domains', label: 'domains', group: 'workspace' },
  { to: '/settings/tags', label: 'tags', group: 'workspace' },
  { to: '/settings/pixels', label: 'pixels', group: 'workspace' },
  { to: '/settings/members', label: 'members', group: 'workspace', admin: true },
  { to: '/settings/keys', label: 'keys', group: 'workspace', admin: true },
  { to: '/settings/webhooks', label: 'webhooks', group: 'workspace' },
  { to: '/settings/geo', label: 'geo', group: 'server' },
  { to: '/settings/retention', label: 'retention', group: 'server' },
] as const

const GROUPS = ['yours', 'workspace', 'server'] as const

export default function SettingsPage() {
  const t = useTexts(settingsTexts)
  const me = useMe()
  const navigate = useNavigate()
  const path = useRouterState({ select: state => state.location.pathname })
  const pages = PAGES.filter(page => !('admin' in page) || me.scopes.includes('admin'))
  useActions(
    pages.map(({ to, label }) => ({
      id: to,
      label: t[label],
      group: t.settings,
      run: () => navigate({ to }),
    })),
  )
  return (
    <div className={styles.page}>
      <nav className={styles.pages} aria-label={t.settings}>
        {GROUPS.map(group => (
          <div key={group} className={styles.group}>
            <span className={styles.heading}>{t[group]}</span>
            {pages
              .filter(page => page.group === group)
              .map(({ to, label }) => {
                // `/settings` itself shows the first.
                const open = path === to || (to === '/settings/you' && /settings\/?$/.test(path))
                return (
                  <Link
                    key={to}
                    to={to}
                    className={styles.entry}
                    aria-current={open ? 'page' : undefined}
                    ref={open ? scrollThere : undefined}
                  >
                    {t[label]}
                  </Link>
                )
              })}
          </div>
        ))}
      </nav>
      <div className={styles.content}>
        <Outlet />
      </div>
    </div>
  )
}

/** On a phone the pages are one line that is moved sideways: the open one is brought into sight. */
function scrollThere(entry: HTMLAnchorElement | null) {
  const line = entry?.closest('nav')
  if (entry && line && line.clientWidth < line.scrollWidth) {
    line.scrollLeft = entry.offsetLeft - line.clientWidth / 2 + entry.clientWidth / 2
  }
}
