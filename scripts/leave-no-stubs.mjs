// Unit tests of several files run in one process: what one file puts in the place of globals, timers
// and methods is gone before the next begins.
import { afterAll, vi } from 'vitest'

afterAll(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
  vi.unstubAllEnvs()
  vi.restoreAllMocks()
})
