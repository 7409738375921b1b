import { defineConfig } from 'vitest/config'

const resolve = { conditions: ['source', 'node'] }

/** Stories that measure time or memory, or capture their own tab: nothing else may run beside them. */
const ALONE = ['bad-network', 'channel-memory', 'layers', 'media-recovery', 'screen-control'].map(
  (story) => `e2e/stories/${story}.test.ts`,
)
const story = { environment: 'node' as const, testTimeout: 60_000, hookTimeout: 90_000, retry: 0 }

export default defineConfig({
  test: {
    projects: [
      {
        resolve,
        ssr: { resolve },
        test: {
          name: 'unit',
          include: ['packages/*/{src,test}/**/*.test.ts'],
          environment: 'node',
          testTimeout: 20_000,
          // Many open a database of their own before each test.
          hookTimeout: 20_000,
        },
      },
      {
        resolve,
        ssr: { resolve },
        test: {
          name: 'e2e',
          include: ['e2e/stories/**/*.test.ts'],
          exclude: ALONE,
          globalSetup: ['e2e/setup.ts', 'e2e/prepared-data.ts'],
          ...story,
        },
      },
      {
        resolve,
        ssr: { resolve },
        test: {
          name: 'e2e-alone',
          include: ALONE,
          fileParallelism: false,
          globalSetup: ['e2e/prepared-data.ts'],
          ...story,
        },
      },
    ],
  },
})
