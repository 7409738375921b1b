import { readFile } from 'node:fs/promises'
import { createProcessEngine } from '../../src/index.ts'
import { freePort } from './wait.ts'
import { bundleWorker, processOf } from './worker-file.ts'

/** A media engine in a process of its own, bundled as the build does. */
export const startRealEngine = async () => {
  const { workerPath, remove } = await bundleWorker()
  const port = await freePort()
  const engine = await createProcessEngine({
    port,
    processes: 1,
    workerPath,
    announce: ['127.0.0.1'],
  })
  const crashes: string[][] = []
  engine.on('crashed', ({ rooms }) => crashes.push(rooms))
  return {
    engine,
    port,
    crashes,
    /** Bytes that the engine's process holds. */
    async memory(): Promise<number> {
      const status = await readFile(`/proc/${processOf(workerPath)}/status`, 'utf8')
      return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1]) * 1024
    },
    async close() {
      await engine.close()
      await remove()
    },
  }
}
export type RealEngine = Awaited<ReturnType<typeof startRealEngine>>
