/** Signing in and out, and what keeps an account safe. */
import { queryOptions } from '@tanstack/react-query'
import { api, got, type Schemas } from './client'

export type Invited = Schemas['OpenInvitation']
export type TotpBegun = Schemas['NewTotp']

export interface Accepted {
  token: string
  name: string
  password: string
  email?: string
}

export type Passkey = Schemas['Passkey']

export const waysQuery = queryOptions({
  queryKey: ['accounts', 'ways'],
  queryFn: () => got(api.GET('/api/v1/accounts/ways')),
  staleTime: 60_000,
})

/** `email` may be a name, of somebody who gave no address. */
export function signIn(credentials: { email: string; password: string; code?: string }) {
  return got(api.POST('/api/v1/sessions', { body: { ...credentials, cookie: true } }))
}

export function signOut() {
  return got(api.DELETE('/api/v1/sessions/{session}', { params: { path: { session: 'current' } } }))
}

export function checkInvitation(token: string) {
  return got(api.POST('/api/v1/invitations/check', { body: { token } }))
}

export function acceptInvitation(accepted: Accepted) {
  return got(api.POST('/api/v1/invitations/accept', { body: { ...accepted, cookie: true } }))
}

export function beginTotp(password: string) {
  return got(api.POST('/api/v1/me/totp', { body: { password } }))
}

export function confirmTotp(code: string) {
  return got(api.POST('/api/v1/me/totp/confirm', { body: { code } }))
}

export function endTotp(password: string, code: string) {
  return got(api.DELETE('/api/v1/me/totp', { body: { password, code } }))
}

export const passkeysQuery = queryOptions({
  queryKey: ['me', 'passkeys'],
  queryFn: () => got(api.GET('/api/v1/me/passkeys')),
})

export function deletePasskey(id: string) {
  return got(api.DELETE('/api/v1/me/passkeys/{passkey}', { params: { path: { passkey: id } } }))
}
