/** Passkeys: what the server asks, the browser signs, and the server checks (WebAuthn level 3). */
import { api, got } from './client'

/** Whether this browser can; a page that was not sent by https (or from localhost) never can. */
export function knowsPasskeys(): boolean {
  return (
    typeof PublicKeyCredential !== 'undefined' &&
    'parseRequestOptionsFromJSON' in PublicKeyCredential
  )
}

/** Lets a person sign in by a passkey that their device finds by itself. */
export async function signInByPasskey() {
  const begun = await got(api.POST('/api/v1/sessions/passkey/begin'))
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(
    begun.publicKey as PublicKeyCredentialRequestOptionsJSON,
  )
  const credential = await navigator.credentials.get({ publicKey })
  return got(
    api.POST('/api/v1/sessions/passkey', {
      body: { credential: wire<AuthenticationResponseJSON>(credential), cookie: true },
    }),
  )
}

/** Makes a passkey on this device, or on another that the browser offers. */
export async function addPasskey(name: string) {
  const begun = await got(api.POST('/api/v1/me/passkeys/begin'))
  const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(
    begun.publicKey as PublicKeyCredentialCreationOptionsJSON,
  )
  const credential = await navigator.credentials.create({ publicKey })
  return got(
    api.POST('/api/v1/me/passkeys', {
      body: { name, credential: wire<RegistrationResponseJSON>(credential) },
    }),
  )
}

/** Whether the person closed the browser's question, which is an answer and no failure. */
export function wasCancelled(error: unknown): boolean {
  return error instanceof DOMException && ['NotAllowedError', 'AbortError'].includes(error.name)
}

/** Signing in and making a passkey answer differently; the browser's type is of either. */
function wire<Answer>(credential: Credential | null): Answer {
  if (!(credential instanceof PublicKeyCredential)) {
    throw new DOMException('no passkey', 'NotAllowedError')
  }
  return credential.toJSON() as Answer
}
