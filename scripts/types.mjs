// Type-checks every package in its own environment (no DOM in the server, no Node in the SDK).
import { spawn } from 'node:child_process'
import { availableParallelism } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..')
const check = (tool, project) =>
  new Promise((resolve) => {
    const child = spawn(path.join(root, 'node_modules/.bin', tool), ['--noEmit', '-p', project], {
      cwd: root,
      stdio: 'inherit',
    })
    child.on('error', () => resolve(false))
    child.on('exit', (code) => resolve(code === 0))
  })

// The slowest first; each takes one core and some hundred megabytes.
const packages = (...names) => names.map((name) => ['tsc', `packages/${name}`])
const queue = [
  ['vue-tsc', 'packages/web'],
  ...packages('bench', 'sdk', 'server'),
  ['tsc', 'e2e'],
  ...packages('telephony', 'media', 'cli', 'protocol'),
]
const results = []
const work = async () => {
  for (let next = queue.shift(); next; next = queue.shift()) results.push(await check(...next))
}
await Promise.all(Array.from({ length: Math.min(4, availableParallelism()) }, work))
process.exit(results.every(Boolean) ? 0 : 1)
