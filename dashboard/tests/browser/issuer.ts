/** An OpenID Connect issuer on this machine: it asks who somebody is, and vouches for whatever they say. */
import { generateKeyPairSync, randomBytes, sign } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

export const CLIENT = { id: 'waypost', secret: 'a secret' }

export interface Issuer {
  url: string
  close: () => void
}

export async function startIssuer(): Promise<Issuer> {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  /** What a token is to say, by the code that it is given for. */
  const given = new Map<string, { nonce: string; email: string; verified: boolean }>()
  let url = ''

  const server = createServer(async (request, answer) => {
    const asked = new URL(request.url ?? '/', url)
    const query = asked.searchParams
    const json = (body: object) =>
      answer.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body))
    switch (asked.pathname) {
      case '/.well-known/openid-configuration':
        return json({
          issuer: url,
          authorization_endpoint: `${url}/authorize`,
          token_endpoint: `${url}/token`,
          jwks_uri: `${url}/keys`,
        })
      case '/keys':
        return json({ keys: [{ ...publicKey.export({ format: 'jwk' }), kid: '1' }] })
      case '/authorize': {
        const kept = ['redirect_uri', 'state', 'nonce'].map(
          name => `<input type="hidden" name="${name}" value="${query.get(name) ?? ''}">`,
        )
        answer.writeHead(200, { 'content-type': 'text/html' })
        return answer.end(
          `<!doctype html><title>Who are you?</title><link rel="icon" href="data:">
          <form action="/vouch">${kept.join('')}
          <label>Address <input name="email" required></label>
          <label><input type="checkbox" name="verified" checked> It is theirs</label>
          <button>It is me</button></form>`,
        )
      }
      case '/vouch': {
        const code = randomBytes(16).toString('hex')
        const [nonce = '', email = ''] = ['nonce', 'email'].map(name => query.get(name) ?? '')
        given.set(code, { nonce, email, verified: query.has('verified') })
        const back = new URL(query.get('redirect_uri') ?? '')
        back.searchParams.set('code', code)
        back.searchParams.set('state', query.get('state') ?? '')
        return answer.writeHead(302, { location: back.href }).end()
      }
      case '/token': {
        const body = new URLSearchParams(await textOf(request))
        const about = given.get(body.get('code') ?? '')
        given.delete(body.get('code') ?? '')
        if (!about) return answer.writeHead(400).end()
        const now = Math.floor(Date.now() / 1000)
        const claims = {
          iss: url,
          aud: CLIENT.id,
          sub: about.email,
          iat: now,
          exp: now + 300,
          nonce: about.nonce,
          email: about.email,
          email_verified: about.verified,
        }
        const signed = [{ alg: 'ES256', kid: '1' }, claims].map(encode).join('.')
        const key = { key: privateKey, dsaEncoding: 'ieee-p1363' } as const
        const signature = sign('sha256', Buffer.from(signed), key).toString('base64url')
        return json({ access_token: 'x', token_type: 'Bearer', id_token: `${signed}.${signature}` })
      }
      default:
        return answer.writeHead(404).end()
    }
  })
  await new Promise<void>(done => server.listen(0, '127.0.0.1', done))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    url,
    close: () => {
      server.close()
      server.closeAllConnections()
    },
  }
}

function encode(part: object): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url')
}

async function textOf(request: AsyncIterable<Buffer>): Promise<string> {
  let text = ''
  for await (const chunk of request) text += chunk
  return text
}
