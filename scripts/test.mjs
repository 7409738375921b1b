// `npm test`: lint, types, build, unit tests and browser tests; ends with one line of counts.
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { availableParallelism, constants, setPriority, tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { findChromium } from './chromium.mjs'
import { installTools } from './debian.mjs'

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..')
const only = process.argv.includes('--only')
  ? process.argv[process.argv.indexOf('--only') + 1]
  : null
const wants = (part) => !only || only === part
const reports = mkdtempSync(path.join(tmpdir(), 'yuntang-test-'))
const total = { passed: 0, failed: 0, skipped: 0 }
const notes = []

/**
 * Whether a program ends well. What it says is shown as it comes; of one that runs `aside` in one
 * piece at its end, and it takes only what the others leave of the processor.
 */
const run = (command, args, { env = {}, aside = false } = {}) =>
  new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd: root,
      stdio: aside ? ['ignore', 'pipe', 'pipe'] : 'inherit',
      env: { ...process.env, ...env },
    })
    if (aside && child.pid) setPriority(child.pid, constants.priority.PRIORITY_BELOW_NORMAL)
    const said = []
    for (const stream of [child.stdout, child.stderr])
      stream?.on('data', (chunk) => said.push(chunk))
    child.once('error', () => resolve(false))
    child.once('close', (code) => {
      process.stdout.write(Buffer.concat(said))
      resolve(code === 0)
    })
  })

const check = async (name, running) => {
  const ok = await running
  total[ok ? 'passed' : 'failed'] += 1
  console.log(`${ok ? 'ok' : 'FAILED'}: ${name}`)
  return ok
}

const vitest = async (name, project, workers, how = {}) => {
  const file = path.join(reports, `${name}.json`)
  const args = ['run', '--project', project, `--maxWorkers=${workers}`, '--reporter=default']
  const report = ['--reporter=json', `--outputFile.json=${file}`]
  const ok = await run(path.join(root, 'node_modules/.bin/vitest'), [...args, ...report], how)
  try {
    const r = JSON.parse(readFileSync(file, 'utf8'))
    total.passed += r.numPassedTests
    total.failed += r.numFailedTests
    total.skipped += r.numPendingTests + (r.numTodoTests ?? 0)
    if (!ok && r.numFailedTests === 0)
      await check(`${name}: the run ended with an error outside its tests`, false)
  } catch {
    await check(`${name}: the test runner did not report`, false)
  }
}

const aside = { aside: true }
const building = check('build', run(process.execPath, ['scripts/build.mjs', '--types']))
const linting = !only && check('lint', run('npm', ['run', '--silent', 'lint'], aside))
// May have to install them, while the build runs.
installTools()
const chromium = findChromium()
const [built] = await Promise.all([building, linting])

const stories = built && chromium && wants('e2e')
/** All stories begin with a copy of the same data, made by the first of them. */
const env = {
  ...(chromium && { CHROMIUM: chromium }),
  YUNTANG_E2E_DATA: path.join(reports, 'data'),
}
const checks = async () => {
  if (!only) await check('types', run('npm', ['run', '--silent', 'types'], aside))
  if (wants('unit'))
    await vitest('unit', 'unit*', availableParallelism(), { env, aside: Boolean(stories) })
}
if (stories) rmSync(path.join(root, 'e2e/artifacts/coverage'), { recursive: true, force: true })
// Stories that mostly wait leave the processor to the checks, and to two stories that work.
const waiting = stories && vitest('waiting', 'e2e', 1, { env: { ...env, STORIES: 'waiting' } })
await checks()
if (stories) {
  const working = vitest('working', 'e2e', 2, { env: { ...env, STORIES: 'working' } })
  await Promise.all([waiting, working])
  await vitest('alone', 'e2e-alone', 1, { env })
}
if (wants('e2e') && !chromium) {
  total.skipped += 1
  notes.push('Browser tests skipped: no Chromium was found and none could be installed.')
}

rmSync(reports, { recursive: true, force: true })
for (const note of notes) console.log(note)
console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`)
process.exit(total.failed > 0 ? 1 : 0)
