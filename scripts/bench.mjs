// `npm run bench [-- name …]`: bundles the benchmarks and prints their lines; all that end by
// themselves without a name. Ratios of one run count. See packages/bench/README.md.
import { spawnSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { build } from 'esbuild'
import { findChromium } from './chromium.mjs'

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..')
// Of its own: two runs may go on side by side.
const outdir = path.join(root, 'packages/bench/dist', String(process.pid))
const main = path.join(root, 'packages/server/dist/main.js')
const print = (line) => console.log(line)

const BENCHES = {
  // What people ask for first comes first.
  join: { needs: ['server', 'chromium'], run: (m) => m.joinBench(main, print) },
  forward: { run: (m) => m.forwardBench(print) },
  channel: { needs: ['server'], run: (m) => m.channelBench(main, print) },
  sessions: { needs: ['server'], run: (m) => m.sessionsBench(main, print) },
  queues: { run: (m) => m.queuesBench(print) },
  board: { needs: ['server'], run: (m) => m.boardBench(main, print) },
  evidence: { run: (m) => m.evidenceBench(print) },
  upload: { needs: ['server'], run: (m) => m.uploadBench(main, print) },
  resting: { needs: ['server', 'chromium'], run: (m) => m.restingBench(main, print) },
  latency: { needs: ['chromium'], run: (m) => m.latencyBench(print) },
  // Takes `--seconds`.
  record: {
    needs: ['server', 'chromium'],
    options: true,
    run: (m, options) => m.recordBench(main, options, print),
  },
  // Runs until it is told to end, and takes options of its own.
  room: { endless: true, options: true, run: (m, options) => m.roomBench(options, print) },
}
const ALL = Object.keys(BENCHES).filter((name) => !BENCHES[name].endless)

const args = process.argv.slice(2)
const options = args.slice(args.findIndex((a) => a.startsWith('-')) >>> 0)
const named = args.slice(0, args.length - options.length)
const unknown = named.filter((name) => !Object.hasOwn(BENCHES, name))
const endless = named.some((name) => BENCHES[name]?.endless)
const takesOptions = named.length === 1 && BENCHES[named[0]]?.options
if (unknown.length || (options.length && !takesOptions) || (endless && named.length > 1)) {
  console.error(`Usage: npm run bench -- [${ALL.join(' | ')}] …
       npm run bench -- record [--seconds 60]
       npm run bench -- room [--port 8360] [--media-port 8361] [--host 127.0.0.1] …`)
  process.exit(1)
}
const wanted = named.length ? named : ALL
const need = (what) => wanted.some((name) => BENCHES[name].needs?.includes(what))

if (need('server'))
  spawnSync(process.execPath, [path.join(root, 'scripts/build.mjs'), '--if-needed'], {
    stdio: 'inherit',
  })
await build({
  entryPoints: wanted.map((name) => path.join(root, 'packages/bench/src', `${name}.ts`)),
  outdir,
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  conditions: ['source'],
  external: ['node-datachannel', 'sdp-transform', 'playwright-core', 'ws'],
  logLevel: 'warning',
})
process.on('exit', () => rmSync(outdir, { recursive: true, force: true }))
const chromium = need('chromium') ? findChromium() : null
if (chromium) process.env.CHROMIUM = chromium
for (const name of wanted) {
  if (BENCHES[name].needs?.includes('chromium') && !chromium) {
    print(`${name}: skipped, no Chromium`)
    continue
  }
  try {
    await BENCHES[name].run(
      await import(pathToFileURL(path.join(outdir, `${name}.js`)).href),
      options,
    )
  } catch (error) {
    console.error(`${name}: ${error instanceof Error ? error.message : error}`)
    process.exit(1)
  }
}
// The media library keeps the process alive otherwise.
process.exit(0)
