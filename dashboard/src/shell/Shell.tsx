/** What stands around every page of somebody who is signed in. */
import { Loader, useComputedColorScheme } from '@mantine/core'
import {
  IconActivity,
  IconChartHistogram,
  IconLink,
  IconSettings,
  IconUsers,
} from '@tabler/icons-react'
import { useQueryClient } from '@tanstack/react-query'
import { Link, Outlet, useNavigate } from '@tanstack/react-router'
import { lazy, Suspense, useEffect, useRef, useState } from 'react'
import { signOut } from '~/api/accounts'
import { useTexts } from '~/texts/texts'
import { type Action, listenForKeys, useActions } from './actions'
import { useFollowedLook, useLook } from './look'
import { notifyProblem, undoLatest } from './notices'
import { Offline } from './Offline'
import styles from './Shell.module.css'
import { TypeAhead } from './TypeAhead'
import { shellTexts } from './texts'

// Neither is there before somebody asks for it.
const Palette = lazy(() => import('./Palette'))
const KeySheet = lazy(() => import('./KeySheet'))
const Losses = lazy(() => import('./Losses'))

export function Shell() {
  const t = useTexts(shellTexts)
  const navigate = useNavigate()
  const [open, setOpen] = useState<'palette' | 'keys' | null>(null)

  const typed = useRef('')
  const find = () => {
    typed.current = ''
    setOpen('palette')
  }

  const queries = useQueryClient()
  const shown = useComputedColorScheme()
  const { change } = useLook()
  useFollowedLook()
  const leave = async () => {
    try {
      await signOut()
    } catch (error) {
      return notifyProblem(error)
    }
    await navigate({ to: '/sign-in' })
    queries.clear()
  }

  const rail = [
    { to: '/links', label: t.links, icon: IconLink, keys: 'g l' },
    { to: '/stats', label: t.statistics, icon: IconChartHistogram, keys: 'g s' },
    { to: '/live', label: t.live, icon: IconActivity, keys: 'g v' },
    { to: '/visitors', label: t.visitors, icon: IconUsers, keys: 'g t' },
    { to: '/settings', label: t.settings, icon: IconSettings, keys: 'g e' },
  ] as const
  const pages: Action[] = rail.map(({ to, label, keys }) => ({
    id: to,
    label,
    keys,
    group: t.go,
    run: () => navigate({ to }),
  }))
  useActions([
    ...pages,
    {
      id: 'new',
      label: t.newLink,
      keys: 'c',
      group: t.actions,
      run: () => navigate({ to: '/links/new' }),
    },
    {
      id: 'import',
      label: t.importLinks,
      group: t.go,
      words: 'csv',
      run: () => navigate({ to: '/import' }),
    },
    { id: 'docs', label: t.documentation, group: t.go, run: () => window.location.assign('/docs') },
    {
      id: 'palette',
      label: t.palette,
      keys: 'Mod+k',
      group: t.actions,
      run: find,
    },
    { id: 'search', label: t.palette, keys: '/', group: t.actions, run: find },
    { id: 'keys', label: t.showKeys, keys: '?', group: t.actions, run: () => setOpen('keys') },
    {
      id: 'theme',
      label: t.theme,
      group: t.actions,
      words: 'dark light',
      run: () => change({ theme: shown === 'dark' ? 'light' : 'dark' }),
    },
    { id: 'sign-out', label: t.signOut, group: t.actions, words: 'log out', run: leave },
    { id: 'undo', label: t.undo, keys: 'Mod+z', group: t.actions, run: () => void undoLatest() },
  ])
  useEffect(listenForKeys, [])

  return (
    <div className={styles.frame}>
      <a className={styles.skip} href="#content">
        {t.skip}
      </a>
      <nav className={styles.rail} aria-label={t.pages}>
        {rail.map(({ to, label, icon: Icon }) => (
          <Link key={to} to={to} className={styles.entry} activeProps={{ 'aria-current': 'page' }}>
            <Icon size={20} stroke={1.75} aria-hidden />
            <span>{label}</span>
          </Link>
        ))}
      </nav>
      <main id="content" className={styles.content} tabIndex={-1}>
        <Offline />
        <Suspense fallback={null}>
          <Losses />
        </Suspense>
        <Suspense fallback={<Loader role="img" aria-label={t.loading} m="xl" />}>
          <Outlet />
        </Suspense>
      </main>
      <Suspense fallback={open === 'palette' ? <TypeAhead words={typed} /> : null}>
        {open === 'palette' && <Palette typed={typed} onClose={() => setOpen(null)} />}
        {open === 'keys' && <KeySheet onClose={() => setOpen(null)} />}
      </Suspense>
    </div>
  )
}
