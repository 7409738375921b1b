// `npm run bench`: bundles the benchmarks and prints their lines. Ratios of one run, not absolutes.
import { rm } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { build } from 'esbuild'

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..')
const out = path.join(root, 'packages/bench/dist/forward.js')

await build({
  entryPoints: [path.join(root, 'packages/bench/src/forward.ts')],
  outfile: out,
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  conditions: ['source'],
  external: ['node-datachannel', 'sdp-transform', 'esbuild'],
  logLevel: 'warning',
})
const { forwardBench } = await import(pathToFileURL(out).href)
await forwardBench((line) => console.log(line))
await rm(path.dirname(out), { recursive: true, force: true })
process.exit(0)
