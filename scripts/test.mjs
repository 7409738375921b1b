// `npm test`: lint, types, build, unit tests and browser tests; ends with one line of counts.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { findChromium } from './chromium.mjs'

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..')
const only = process.argv.includes('--only')
  ? process.argv[process.argv.indexOf('--only') + 1]
  : null
const reports = mkdtempSync(path.join(tmpdir(), 'yuntang-test-'))
const total = { passed: 0, failed: 0, skipped: 0 }
const notes = []

const run = (command, args, env = {}) =>
  spawnSync(command, args, { cwd: root, stdio: 'inherit', env: { ...process.env, ...env } })
    .status === 0

const check = (name, ok) => {
  total[ok ? 'passed' : 'failed'] += 1
  console.log(`${ok ? 'ok' : 'FAILED'}: ${name}`)
  return ok
}

const vitest = (project, env = {}, options = []) => {
  const file = path.join(reports, `${project}.json`)
  const ok = run(
    path.join(root, 'node_modules/.bin/vitest'),
    [
      'run',
      '--project',
      project,
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${file}`,
      ...options,
    ],
    env,
  )
  try {
    const r = JSON.parse(readFileSync(file, 'utf8'))
    total.passed += r.numPassedTests
    total.failed += r.numFailedTests
    total.skipped += r.numPendingTests + (r.numTodoTests ?? 0)
    if (!ok && r.numFailedTests === 0)
      check(`${project}: the run ended with an error outside its tests`, false)
  } catch {
    check(`${project}: the test runner did not report`, false)
  }
}

if (!only) {
  check('lint', run('npm', ['run', '--silent', 'lint']))
  check('types', run('npm', ['run', '--silent', 'types']))
}
const built = check('build', run(process.execPath, ['scripts/build.mjs', '--types']))
if (!only || only === 'unit') vitest('unit', {}, [`--maxWorkers=${availableParallelism()}`])
if (built && (!only || only === 'e2e')) {
  const chromium = findChromium()
  if (chromium) {
    // Stories mostly wait: two at a time take half as long.
    vitest('e2e', { CHROMIUM: chromium }, ['--maxWorkers=2'])
    vitest('e2e-alone', { CHROMIUM: chromium })
  } else {
    total.skipped += 1
    notes.push('Browser tests skipped: no Chromium was found and none could be installed.')
  }
}

rmSync(reports, { recursive: true, force: true })
for (const note of notes) console.log(note)
console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`)
process.exit(total.failed > 0 ? 1 : 0)
