/** Says what is missing before anything is run, in words that tell how to get it. */
import { existsSync } from 'node:fs'
import { chromiumPath } from './browser'
import { binary } from './server'

export default function ready() {
  if (!chromiumPath()) {
    throw new Error(
      'the browser tests need Chromium: sudo apt install chromium (or set CHROMIUM to its path)',
    )
  }
  if (!existsSync(binary)) {
    throw new Error(
      `there is no ${binary}: cargo build --release makes it (or set WAYPOST_BINARY to another)`,
    )
  }
}
