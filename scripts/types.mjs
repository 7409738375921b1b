// Type-checks every package in its own environment (no DOM in the server, no Node in the SDK).
import { spawn } from 'node:child_process'
import { availableParallelism } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..')

/** The longest first: the others fill the time beside it. */
const CHECKS = [
  ['vue-tsc', 'packages/web'],
  ['tsc', 'packages/sdk'],
  ['tsc', 'packages/server'],
  ['tsc', 'e2e'],
  ['tsc', 'packages/bench'],
  ['tsc', 'packages/media'],
  ['tsc', 'packages/telephony'],
  ['tsc', 'packages/protocol'],
]

/** Resolves with what the compiler says; empty when all is well. */
const check = ([tool, project]) =>
  new Promise((resolve) => {
    const compiler = spawn(
      path.join(root, 'node_modules/.bin', tool),
      ['--noEmit', '-p', project],
      { cwd: root },
    )
    let said = ''
    for (const stream of [compiler.stdout, compiler.stderr])
      stream.on('data', (text) => {
        said += text
      })
    compiler.on('error', (error) => resolve(String(error)))
    compiler.on('close', (code) =>
      resolve(code === 0 ? '' : said || `${tool} -p ${project} failed`),
    )
  })

const waiting = [...CHECKS]
let failed = false
const checkSome = async () => {
  for (let next = waiting.shift(); next; next = waiting.shift()) {
    const said = await check(next)
    if (said) console.error(said)
    failed ||= said !== ''
  }
}
await Promise.all(Array.from({ length: Math.min(3, availableParallelism()) }, checkSome))
process.exit(failed ? 1 : 0)
