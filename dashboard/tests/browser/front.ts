/**
 * Serves `dist` as the binary would, policy included, in front of a binary that carries another.
 *
 * For whoever works on pages: building the server anew for each look would take minutes.
 */
import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { createServer, request } from 'node:http'
import { extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const dist = fileURLToPath(new URL('../../dist', import.meta.url))

const TYPES: Record<string, string> = {
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
}

const policy = (nonce: string) =>
  [
    "default-src 'none'",
    "script-src 'self'",
    `style-src-elem 'self' 'nonce-${nonce}'`,
    "style-src-attr 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self'",
    "connect-src 'self'",
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ')

/** Resolves to what closes it. Everything but the pages goes to the server, with `key` where given. */
export async function serveBuilt(port: number, serverPort: number, key: string | undefined) {
  if (!existsSync(join(dist, 'index.html'))) throw new Error('there is no dist: npx vite build')
  const server = createServer((asked, answer) => {
    const path = new URL(asked.url ?? '/', 'http://localhost').pathname
    const file = join(dist, path.slice('/app'.length))
    if (path.startsWith('/app/') && extname(path) && existsSync(file)) {
      const type = TYPES[extname(path)] ?? 'application/octet-stream'
      answer.writeHead(200, { 'content-type': type, 'cache-control': 'max-age=31536000' })
      return answer.end(readFileSync(file))
    }
    // An issuer's people come and go by the server itself.
    const isPage = path === '/app' || (path.startsWith('/app/') && !path.startsWith('/app/oidc/'))
    if (isPage) {
      const nonce = randomBytes(16).toString('base64url')
      answer.writeHead(200, {
        'content-type': 'text/html; charset=utf-8',
        'content-security-policy': policy(nonce),
        'cache-control': 'no-store',
      })
      const page = readFileSync(join(dist, 'index.html'), 'utf8')
      return answer.end(page.replaceAll('__NONCE__', nonce))
    }
    const headers = key ? { ...asked.headers, authorization: `Bearer ${key}` } : asked.headers
    const passed = request(
      { host: '127.0.0.1', port: serverPort, method: asked.method, path: asked.url, headers },
      response => {
        answer.writeHead(response.statusCode ?? 502, response.headers)
        response.pipe(answer)
      },
    )
    // A server that is gone is gone for the browser too.
    passed.on('error', () => answer.destroy())
    answer.on('close', () => passed.destroy())
    asked.pipe(passed)
  })
  await new Promise<void>(done => server.listen(port, 'localhost', done))
  return () =>
    new Promise<void>(done => {
      server.closeAllConnections()
      server.close(() => done())
    })
}
