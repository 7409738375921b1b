import { readdirSync, readFileSync } from 'node:fs'
import { mkdtemp, readFile, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { createProcessEngine } from '../../src/index.ts'
import { freePort } from './wait.ts'

const here = path.dirname(fileURLToPath(import.meta.url))

const idOf = (workerPath: string): number | null => {
  for (const pid of readdirSync('/proc')) {
    if (!/^\d+$/.test(pid)) continue
    try {
      if (readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(workerPath)) return Number(pid)
    } catch {
      // ended meanwhile
    }
  }
  return null
}

/** A media engine in a process of its own, bundled as the build does. */
export const startRealEngine = async () => {
  const dir = await mkdtemp(path.join(tmpdir(), 'media-worker-'))
  const workerPath = path.join(dir, 'media-worker.mjs')
  await symlink(path.resolve(here, '../../../../node_modules'), path.join(dir, 'node_modules'))
  await build({
    entryPoints: [path.resolve(here, '../../src/worker.ts')],
    outfile: workerPath,
    bundle: true,
    platform: 'node',
    format: 'esm',
    external: ['node-datachannel', 'sdp-transform'],
  })
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
      const status = await readFile(`/proc/${idOf(workerPath)}/status`, 'utf8')
      return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1]) * 1024
    },
    async close() {
      await engine.close()
      await rm(dir, { recursive: true })
    },
  }
}
export type RealEngine = Awaited<ReturnType<typeof startRealEngine>>
