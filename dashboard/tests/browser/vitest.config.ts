/** How the browser tests run: two flows at a time, without watching. */
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** By name, so that two runs can be compared line by line. */
class ByName extends BaseSequencer {
  override async sort(files: TestSpecification[]) {
    return files.sort((a, b) => (a.moduleId < b.moduleId ? -1 : 1))
  }
}

export default defineConfig({
  root: fileURLToPath(new URL('../..', import.meta.url)),
  test: {
    include: [process.env.BROWSER_FILES ?? 'tests/browser/flows/*.ts'],
    globalSetup: 'tests/browser/ready.ts',
    sequence: { sequencer: ByName },
    // Each flow has a server and a Chromium of its own, and waits most of its time.
    maxWorkers: 2,
    // Some seconds each where the machine is free; it may be shared with builds.
    testTimeout: 180_000,
    hookTimeout: 120_000,
    reporters: ['verbose'],
  },
})
