/** Every page of the dashboard, for the walk and for the pictures. */
import type { Seeded } from './seed'

export interface PageOf {
  /** Also the name of its picture. */
  name: string
  path: (seeded: Seeded) => string
}

const fixed = (name: string, path: string): PageOf => ({ name, path: () => path })
const ofLink = (name: string, part: string): PageOf => ({
  name,
  path: ({ spring }) => `/links/${spring}/${part}`,
})

export const PAGES: readonly PageOf[] = [
  fixed('links', '/links'),
  fixed('new-link', '/links/new'),
  ofLink('rules', 'rules'),
  ofLink('try', 'try'),
  ofLink('what-if', 'what-if'),
  ofLink('link-statistics', 'stats'),
  ofLink('clicks', 'clicks'),
  ofLink('history', 'history'),
  ofLink('link-settings', 'settings'),
  fixed('statistics', '/stats'),
  fixed('live', '/live'),
  fixed('visitors', '/visitors'),
  fixed('import', '/import'),
  fixed('welcome', '/welcome'),
  fixed('settings-you', '/settings/you'),
  fixed('settings-appearance', '/settings/appearance'),
  fixed('settings-domains', '/settings/domains?domain=go.example.com'),
  fixed('settings-tags', '/settings/tags'),
  fixed('settings-pixels', '/settings/pixels'),
  fixed('settings-members', '/settings/members'),
  fixed('settings-keys', '/settings/keys'),
  fixed('settings-webhooks', '/settings/webhooks'),
  fixed('settings-geo', '/settings/geo'),
  fixed('settings-retention', '/settings/retention'),
]
