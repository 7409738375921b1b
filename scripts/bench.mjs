// `npm run bench`: builds, bundles the benchmarks and prints their lines. Ratios of one run count.
import { spawnSync } from 'node:child_process'
import { rm } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { build } from 'esbuild'
import { findChromium } from './chromium.mjs'

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..')
const outdir = path.join(root, 'packages/bench/dist')
const at = (name) => path.join(root, 'packages/bench/src', name)

spawnSync(process.execPath, [path.join(root, 'scripts/build.mjs'), '--if-needed'], {
  stdio: 'inherit',
})
await build({
  entryPoints: ['forward', 'join', 'channel', 'queues', 'sessions'].map((name) => at(`${name}.ts`)),
  outdir,
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  conditions: ['source'],
  external: ['node-datachannel', 'sdp-transform', 'playwright-core', 'ws'],
  logLevel: 'warning',
})
const load = (name) => import(pathToFileURL(path.join(outdir, name)).href)
const print = (line) => console.log(line)

const { forwardBench } = await load('forward.js')
await forwardBench(print)
const { channelBench } = await load('channel.js')
await channelBench(path.join(root, 'packages/server/dist/main.js'), print)
const { sessionsBench } = await load('sessions.js')
await sessionsBench(path.join(root, 'packages/server/dist/main.js'), print)
const { queuesBench } = await load('queues.js')
await queuesBench(print)
const chromium = findChromium()
if (chromium) {
  process.env.CHROMIUM = chromium
  const { joinBench } = await load('join.js')
  await joinBench(path.join(root, 'packages/server/dist/main.js'), print)
} else print('join: skipped, no Chromium')
await rm(outdir, { recursive: true, force: true })
process.exit(0)
