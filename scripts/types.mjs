// Type-checks every package in its own environment (no DOM in the server, no Node in the SDK).
import { spawnSync } from 'node:child_process'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..')
const check = (tool, project) =>
  spawnSync(path.join(root, 'node_modules/.bin', tool), ['--noEmit', '-p', project], {
    cwd: root,
    stdio: 'inherit',
  }).status === 0

const results = [
  ...['protocol', 'media', 'server', 'sdk', 'cli', 'bench'].map((p) =>
    check('tsc', `packages/${p}`),
  ),
  check('vue-tsc', 'packages/web'),
  check('tsc', 'e2e'),
]
process.exit(results.every(Boolean) ? 0 : 1)
