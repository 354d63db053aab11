/** Passkeys: what the server asks, the browser signs, and the server checks (WebAuthn level 3). */
import { call } from './call'

/** Whether this browser can; a page that was not sent by https (or from localhost) never can. */
export function knowsPasskeys(): boolean {
  return (
    typeof PublicKeyCredential !== 'undefined' &&
    'parseRequestOptionsFromJSON' in PublicKeyCredential
  )
}

/** Lets a person sign in by a passkey that their device finds by itself. */
export async function signInByPasskey() {
  const begun = await call<Begun<PublicKeyCredentialRequestOptionsJSON>>(
    'POST',
    '/api/v1/sessions/passkey/begin',
  )
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(begun.publicKey)
  const credential = await navigator.credentials.get({ publicKey })
  return call('POST', '/api/v1/sessions/passkey', {
    credential: wire(credential),
    cookie: true,
  })
}

/** Makes a passkey on this device, or on another that the browser offers. */
export async function addPasskey(name: string) {
  const begun = await call<Begun<PublicKeyCredentialCreationOptionsJSON>>(
    'POST',
    '/api/v1/me/passkeys/begin',
  )
  const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(begun.publicKey)
  const credential = await navigator.credentials.create({ publicKey })
  return call('POST', '/api/v1/me/passkeys', {
    name,
    credential: wire(credential),
  })
}

/** Whether the person closed the browser's question, which is an answer and no failure. */
export function wasCancelled(error: unknown): boolean {
  return error instanceof DOMException && ['NotAllowedError', 'AbortError'].includes(error.name)
}

interface Begun<Options> {
  publicKey: Options
}

function wire(credential: Credential | null) {
  if (!(credential instanceof PublicKeyCredential)) {
    throw new DOMException('no passkey', 'NotAllowedError')
  }
  return credential.toJSON()
}
