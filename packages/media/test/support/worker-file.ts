import { readdirSync, readFileSync } from 'node:fs'
import { mkdtemp, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const here = path.dirname(fileURLToPath(import.meta.url))

/** The engine's worker, bundled as the build does, in a directory of its own. */
export const bundleWorker = async () => {
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
  return { workerPath, remove: () => rm(dir, { recursive: true }) }
}

/** Ids of the child processes that run the worker. */
export const processesOf = (workerPath: string): number[] =>
  readdirSync('/proc')
    .filter((pid) => /^\d+$/.test(pid))
    .filter((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(workerPath)
      } catch {
        return false // ended meanwhile
      }
    })
    .map(Number)

export const processOf = (workerPath: string): number | null => processesOf(workerPath)[0] ?? null
