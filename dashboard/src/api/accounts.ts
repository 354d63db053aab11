/** Signing in and out, and what keeps an account safe. */
import { queryOptions } from '@tanstack/react-query'
import { call } from './call'

/** How people may sign in here. */
export interface Ways {
  /** Whether there is anybody who could. */
  members: boolean
  password: boolean
  passkeys: boolean
  openIdConnect: { name: string; start: string } | null
}

export interface Invited {
  role: 'owner' | 'editor' | 'viewer'
  note: string
  expiresAt: string
}

export interface Accepted {
  token: string
  name: string
  password: string
  email?: string
}

export interface Passkey {
  id: string
  name: string
  createdAt: string
  lastUsedAt: string | null
}

export const waysQuery = queryOptions({
  queryKey: ['accounts', 'ways'],
  queryFn: () => call<Ways>('GET', '/api/v1/accounts/ways'),
  staleTime: 60_000,
})

/** `email` may be a name, of somebody who gave no address. */
export function signIn(credentials: { email: string; password: string; code?: string }) {
  return call('POST', '/api/v1/sessions', { ...credentials, cookie: true })
}

export function signOut() {
  return call('DELETE', '/api/v1/sessions/current')
}

export function checkInvitation(token: string) {
  return call<Invited>('POST', '/api/v1/invitations/check', { token })
}

export function acceptInvitation(accepted: Accepted) {
  return call('POST', '/api/v1/invitations/accept', { ...accepted, cookie: true })
}

export interface TotpBegun {
  secret: string
  uri: string
}

export function beginTotp(password: string) {
  return call<TotpBegun>('POST', '/api/v1/me/totp', { password })
}

export function confirmTotp(code: string) {
  return call<{ recoveryCodes: string[] }>('POST', '/api/v1/me/totp/confirm', { code })
}

export function endTotp(password: string, code: string) {
  return call('DELETE', '/api/v1/me/totp', { password, code })
}

export const passkeysQuery = queryOptions({
  queryKey: ['me', 'passkeys'],
  queryFn: () => call<{ data: Passkey[] }>('GET', '/api/v1/me/passkeys'),
})

export function deletePasskey(id: string) {
  return call('DELETE', `/api/v1/me/passkeys/${id}`)
}
