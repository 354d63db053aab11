import { readdir, readFile, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { brotliCompress, constants } from 'node:zlib'
import react from '@vitejs/plugin-react'
import { defineConfig, type Plugin } from 'vite'

/** Where `vite dev` sends calls of the API, and the key that it adds to them. */
const server = process.env.WAYPOST_SERVER ?? 'http://127.0.0.1:8080'
const key = process.env.WAYPOST_KEY

/** Writes each text beside itself as Brotli, so that the server need not compress anything. */
function brotli(): Plugin {
  return {
    name: 'brotli',
    apply: 'build',
    async closeBundle() {
      const folder = fileURLToPath(new URL('dist/assets', import.meta.url))
      const names = (await readdir(folder)).filter(name => /\.(js|css|svg|json)$/.test(name))
      await Promise.all(
        names.map(async name => {
          const text = await readFile(`${folder}/${name}`)
          const quality = { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }
          await writeFile(`${folder}/${name}.br`, await promisify(brotliCompress)(text, quality))
        }),
      )
    },
  }
}

export default defineConfig({
  base: '/app/',
  plugins: [react(), brotli()],
  resolve: { alias: { '~': fileURLToPath(new URL('src', import.meta.url)) } },
  build: {
    target: 'es2022',
    // The polyfill would be a script for browsers that we do not support.
    modulePreload: { polyfill: false },
    // A small file in an address of its own is an address that the policy does not allow.
    assetsInlineLimit: 0,
    manifest: 'manifest.json',
    reportCompressedSize: false,
  },
  server: {
    // The names of regions are read from ../data, as the server reads them.
    fs: { allow: ['..'] },
    proxy: Object.fromEntries(
      ['/api', '/openapi.json', '/docs'].map(path => [
        path,
        { target: server, headers: key ? { authorization: `Bearer ${key}` } : {} },
      ]),
    ),
  },
})
