/** Every page's address. A page is loaded when somebody goes there, or points at a link to it. */
import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
} from '@tanstack/react-router'
import { meQuery } from './api/me'
import { Problem } from './api/problem'
import { queries } from './api/query'
import { Broken, NotOfAPage } from './shell/Broken'
import { Shell } from './shell/Shell'

/** Search parameters as they stand in the address; each page reads its own. */
export type Search = Record<string, string | undefined>

/**
 * A page that cannot be fetched is a server that cannot be reached; the router would load the whole
 * document again, and leave people with the browser's own page.
 */
function reachable<Module>(load: () => Promise<Module>): () => Promise<Module> {
  return () =>
    load().catch(() => {
      throw Problem.offline()
    })
}

const root = createRootRoute({
  component: Outlet,
  notFoundComponent: NotOfAPage,
  validateSearch: (search: Record<string, unknown>): Search =>
    Object.fromEntries(Object.entries(search).map(([key, value]) => [key, text(value)])),
})

/** The router reads `?x=1` as a number; here all are texts. */
function text(value: unknown): string | undefined {
  return value === undefined || value === null ? undefined : String(value)
}

const inside = createRoute({
  getParentRoute: () => root,
  id: 'inside',
  component: Shell,
  errorComponent: Broken,
  beforeLoad: async ({ location }) => {
    try {
      await queries.ensureQueryData(meQuery)
    } catch (error) {
      if (error instanceof Problem && error.status === 401) {
        throw redirect({ to: '/sign-in', search: { next: location.href } })
      }
      throw error
    }
  },
})

const page = <Path extends string>(
  path: Path,
  load: () => Promise<{ default: () => React.ReactNode }>,
) =>
  createRoute({
    getParentRoute: () => inside,
    path,
    component: lazyRouteComponent(reachable(load)),
    errorComponent: Broken,
  })

const outside = <Path extends string>(
  path: Path,
  load: () => Promise<{ default: () => React.ReactNode }>,
) =>
  createRoute({
    getParentRoute: () => root,
    path,
    component: lazyRouteComponent(reachable(load)),
    errorComponent: Broken,
  })

const home = createRoute({
  getParentRoute: () => root,
  path: '/',
  beforeLoad: () => {
    throw redirect({ to: '/links' })
  },
})

const links = page('/links', () => import('./links/LinksPage'))
const newLink = createRoute({
  getParentRoute: () => links,
  path: '/new',
  component: lazyRouteComponent(() => import('./links/NewLinkDrawer')),
})
const editLink = createRoute({
  getParentRoute: () => links,
  path: '/$link/edit',
  component: lazyRouteComponent(() => import('./links/EditLinkDrawer')),
})

const link = createRoute({
  getParentRoute: () => inside,
  path: '/links/$link',
  component: lazyRouteComponent(() => import('./links/LinkPage')),
  errorComponent: Broken,
})
const ofLink = <Path extends string>(
  path: Path,
  load: () => Promise<{ default: () => React.ReactNode }>,
) =>
  createRoute({
    getParentRoute: () => link,
    path,
    component: lazyRouteComponent(reachable(load)),
    errorComponent: Broken,
  })

const linkHome = createRoute({
  getParentRoute: () => link,
  path: '/',
  beforeLoad: ({ params }) => {
    throw redirect({ to: '/links/$link/rules', params, replace: true })
  },
})

const settings = page('/settings', () => import('./settings/SettingsPage'))
const ofSettings = <Path extends string>(
  path: Path,
  load: () => Promise<{ default: () => React.ReactNode }>,
) =>
  createRoute({
    getParentRoute: () => settings,
    path,
    component: lazyRouteComponent(reachable(load)),
    errorComponent: Broken,
  })

const tree = root.addChildren([
  home,
  outside('/sign-in', () => import('./account/SignInPage')),
  outside('/setup/$token', () => import('./account/SetupPage')),
  outside('/join', () => import('./account/JoinPage')),
  inside.addChildren([
    links.addChildren([newLink, editLink]),
    link.addChildren([
      linkHome,
      ofLink('/rules', () => import('./rules/RulesPage')),
      ofLink('/try', () => import('./try/TryPage')),
      ofLink('/what-if', () => import('./whatif/WhatIfPage')),
      ofLink('/stats', () => import('./statistics/LinkStatisticsPage')),
      ofLink('/clicks', () => import('./links/ClicksPage')),
      ofLink('/history', () => import('./history/HistoryPage')),
      ofLink('/settings', () => import('./links/LinkSettingsPage')),
    ]),
    page('/stats', () => import('./statistics/StatisticsPage')),
    page('/live', () => import('./live/LivePage')),
    page('/visitors', () => import('./visitors/VisitorsPage')),
    page('/import', () => import('./import/ImportPage')),
    page('/welcome', () => import('./account/WelcomePage')),
    settings.addChildren([
      ofSettings('/', () => import('./settings/you/YouPage')),
      ofSettings('/you', () => import('./settings/you/YouPage')),
      ofSettings('/appearance', () => import('./settings/appearance/AppearancePage')),
      ofSettings('/domains', () => import('./settings/domains/DomainsPage')),
      ofSettings('/tags', () => import('./settings/tags/TagsPage')),
      ofSettings('/pixels', () => import('./settings/pixels/PixelsPage')),
      ofSettings('/members', () => import('./settings/members/MembersPage')),
      ofSettings('/keys', () => import('./settings/keys/KeysPage')),
      ofSettings('/webhooks', () => import('./settings/webhooks/WebhooksPage')),
      ofSettings('/geo', () => import('./settings/geo/GeoPage')),
      ofSettings('/retention', () => import('./settings/retention/RetentionPage')),
    ]),
  ]),
])

export const router = createRouter({
  routeTree: tree,
  basepath: '/app',
  defaultPreload: 'intent',
  scrollRestoration: true,
  // Plain query parameters, so that an address can be read and written by hand.
  parseSearch: search => Object.fromEntries(new URLSearchParams(search)),
  stringifySearch: search => {
    const kept = Object.entries(search).filter(([, value]) => value !== undefined && value !== '')
    const query = new URLSearchParams(kept.map(([key, value]) => [key, String(value)])).toString()
    // What may stand in a query as it is: `device!=desktop`, `country=DE,AT`, `by=tag:spring`.
    return query ? `?${query.replaceAll(/%(21|2C|3A|2F)/g, decodeURIComponent)}` : ''
  },
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
