import { defineConfig } from 'vitest/config'
import { SlowestFirst } from './scripts/slowest-first.mjs'

const resolve = { conditions: ['source', 'node'] }

/** Unit tests that measure what their process holds: each of these files has one of its own. */
const MEASURING = [
  'packages/media/test/leaks.test.ts',
  'packages/telephony/test/phone-sound.test.ts',
]
const unit = { environment: 'node' as const, testTimeout: 20_000, hookTimeout: 20_000 }

const stories = (...names: string[]) => names.map((name) => `e2e/stories/${name}.test.ts`)
const ALL = stories('**/*')
/** Stories that measure time or memory, or capture their own tab: nothing else may run beside them. */
const ALONE = stories('bad-network', 'channel-memory', 'layers', 'media-recovery', 'screen-control')
/** Stories that mostly wait, and move no pictures: one of them may run beside anything but those. */
const WAITING = stories(
  'sleep',
  'netdisk',
  'calls',
  'classic-session',
  'http-files',
  'record-uploads',
  'presence',
  'im',
  'pages',
  'start',
  'secrets',
)
/** Which part of the stories runs: `waiting`, `working`, or else all. */
const { STORIES } = process.env
const story = {
  environment: 'node' as const,
  testTimeout: 60_000,
  hookTimeout: 90_000,
  retry: 0,
  globalSetup: ['e2e/setup.ts', 'e2e/prepared-data.ts'],
}

export default defineConfig({
  test: {
    sequence: { sequencer: SlowestFirst },
    projects: [
      {
        resolve,
        ssr: { resolve },
        test: {
          name: 'unit',
          include: ['packages/*/{src,test}/**/*.test.ts'],
          exclude: MEASURING,
          // Loading the same modules again for every file takes longer than the tests.
          isolate: false,
          setupFiles: ['scripts/leave-no-stubs.mjs'],
          ...unit,
        },
      },
      {
        resolve,
        ssr: { resolve },
        test: { name: 'unit-measuring', include: MEASURING, ...unit },
      },
      {
        resolve,
        ssr: { resolve },
        test: {
          name: 'e2e',
          include: STORIES === 'waiting' ? WAITING : ALL,
          exclude: STORIES === 'working' ? [...ALONE, ...WAITING] : ALONE,
          ...story,
        },
      },
      {
        resolve,
        ssr: { resolve },
        test: { name: 'e2e-alone', include: ALONE, fileParallelism: false, ...story },
      },
    ],
  },
})
