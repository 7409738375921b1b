import { createSocket } from 'node:dgram'
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { freeTcpPort, freeUdpPort, spawnServer, startServer } from '../support/server.ts'

const MD5_FREE = {
  APP_ACCOUNT: 'demo',
  APP_PASSWORD: 'x',
  PUBLIC_IP: '127.0.0.1',
  LOG_LEVEL: 'error',
}
const scratch = () => mkdtempSync(path.join(tmpdir(), 'yuntang-start-'))

/** Starts with a bad environment; answers what was printed when it had ended with code 1. */
const failing = async (env: Record<string, string>, as: Parameters<typeof spawnServer>[2] = {}) => {
  const dir = scratch()
  const all = {
    ...MD5_FREE,
    DATA_DIR: path.join(dir, 'data'),
    PORT: String(await freeTcpPort()),
    MEDIA_PORT: String(await freeUdpPort()),
    ...env,
  }
  const { child, exited, output } = spawnServer(all, [], as)
  // Its last words may be read after its exit.
  const said = new Promise((resolve) => child.once('close', resolve))
  expect(await exited).toBe(1)
  await said
  rmSync(dir, { recursive: true, force: true })
  expect(output()).not.toMatch(/\n\s+at /)
  return output()
}

/** Data of an earlier run, so that not every story makes a database first. */
let dataDir: string

beforeAll(async () => {
  const server = await startServer()
  dataDir = server.dataDir
  await server.stop()
})
afterAll(() => rmSync(dataDir, { recursive: true, force: true }))

it('wrong values are one plain sentence each, all at once', async () => {
  const output = await failing({ PORT: 'eighty', ALLOW_GUESTS: 'perhaps' })
  expect(output).toContain('PORT')
  expect(output).toContain('ALLOW_GUESTS')
})

it('a taken port is one plain sentence', async () => {
  const other = createServer()
  await new Promise<void>((r) => other.listen(0, r))
  const { port } = other.address() as { port: number }
  expect(await failing({ PORT: String(port), DATA_DIR: dataDir })).toContain(String(port))
  other.close()
})

it('a data directory that is a file is one plain sentence, and the file stays', async () => {
  const dir = scratch()
  const file = path.join(dir, 'a-file')
  writeFileSync(file, 'mine')
  expect(await failing({ DATA_DIR: file })).toContain(file)
  rmSync(dir, { recursive: true, force: true })
})

it('a taken media port is one plain sentence', async () => {
  const other = createSocket('udp4')
  await new Promise<void>((r) => other.bind(0, r))
  const { port } = other.address()
  expect(await failing({ MEDIA_PORT: String(port), DATA_DIR: dataDir })).toMatch(
    `UDP port ${port} is taken`,
  )
  other.close()
})

it('a data directory that may not be written is one plain sentence', async () => {
  const dir = scratch()
  chmodSync(dir, 0o555)
  // Root may write everywhere: then the server runs as nobody.
  const as = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {}
  const output = await failing({ DATA_DIR: path.join(dir, 'data') }, as)
  expect(output).toContain(`The data directory ${path.join(dir, 'data')} cannot be written`)
  expect(readdirSync(dir)).toEqual([])
  rmSync(dir, { recursive: true, force: true })
})

it('a second server on the same data directory is refused, and the first goes on', async () => {
  const first = await startServer({}, dataDir)
  const output = await failing({ DATA_DIR: dataDir })
  expect(output).toMatch(/The data directory .+ is in use by process \d+; stop that server/)
  expect((await fetch(`${first.url}/healthz`)).status).toBe(200)
  // Without ADMIN_TOKEN nobody administers anything (05 §10).
  for (const path of ['/api/v1/queues', '/CLOUDROOM-API/queue/add'])
    expect((await fetch(`${first.url}${path}`, { method: 'POST' })).status).toBe(404)
  await first.stop()
})

it('a PostgreSQL that does not answer is one plain sentence without its password', async () => {
  const url = `postgres://yuntang:pg-secret@127.0.0.1:${await freeTcpPort()}/calls`
  const output = await failing({ DATABASE_URL: url })
  expect(output).toContain('(DATABASE_URL) cannot be used: nothing answers at that address.')
  expect(output).not.toContain('pg-secret')
})

it('a killed server starts again on its data, and SIGTERM ends it cleanly within five seconds', async () => {
  const first = await startServer({}, dataDir)
  await first.kill()
  const second = await startServer({}, dataDir)
  const { code, ms } = await second.stop()
  expect(code).toBe(0)
  expect(ms).toBeLessThan(5000)
})

it('a damaged database is one plain sentence, and is left as it is', async () => {
  const control = path.join(dataDir, 'db/global/pg_control')
  const whole = readFileSync(control)
  writeFileSync(control, 'rubbish')
  const output = await failing({ DATA_DIR: dataDir })
  expect(output).toMatch(/The database in .+ cannot be read and was left as it is/)
  expect(readFileSync(control, 'utf8')).toBe('rubbish')
  writeFileSync(control, whole)
})
