// Runs the browser stories and prints which callbacks fired, with right arguments, and which
// functions were called. `--last` prints the last run again.
import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..')
const RECORDS = path.join(root, 'e2e/artifacts/coverage')
const json = (file) => JSON.parse(readFileSync(file, 'utf8'))

if (!process.argv.includes('--last'))
  spawnSync(process.execPath, ['scripts/test.mjs', '--only', 'e2e'], {
    cwd: root,
    stdio: 'inherit',
  })

const fired = new Set()
const called = new Set()
for (const name of readdirSync(RECORDS)) {
  const record = json(path.join(RECORDS, name))
  for (const slot of record.fired) fired.add(slot)
  for (const fn of record.called) called.add(fn)
}

const surface = json(path.join(root, 'e2e/conformance/surface.json'))
const slots = surface.callbacks.filter((c) => !c.extra).map((c) => c.name)
const functions = surface.functions.filter((f) => !f.extra).map((f) => f.name)
const seen = slots.filter((s) => fired.has(s))
const used = functions.filter((f) => called.has(f))

console.log('Callbacks seen:')
for (const s of seen) console.log(`  ${s}`)
console.log('Callbacks not seen:')
for (const s of slots.filter((x) => !fired.has(x))) console.log(`  ${s}`)
console.log('Functions not called:')
for (const f of functions.filter((x) => !used.includes(x))) console.log(`  ${f}`)
console.log(
  `${seen.length}/${slots.length} callbacks, ${used.length}/${functions.length} functions`,
)
