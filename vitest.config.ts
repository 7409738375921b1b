import { defineConfig } from 'vitest/config'

const resolve = { conditions: ['source', 'node'] }

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
        },
      },
      {
        resolve,
        ssr: { resolve },
        test: {
          name: 'e2e',
          include: ['e2e/stories/**/*.test.ts'],
          environment: 'node',
          globalSetup: ['e2e/setup.ts'],
          testTimeout: 60_000,
          hookTimeout: 90_000,
          fileParallelism: false,
          retry: 0,
        },
      },
    ],
  },
})
