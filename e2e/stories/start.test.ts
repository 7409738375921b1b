import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, it } from 'vitest'
import { freeTcpPort, freeUdpPort, spawnServer, startServer } from '../support/server.ts'

const MD5_FREE = {
  APP_ACCOUNT: 'demo',
  APP_PASSWORD: 'x',
  PUBLIC_IP: '127.0.0.1',
  LOG_LEVEL: 'error',
}
const scratch = () => mkdtempSync(path.join(tmpdir(), 'yuntang-start-'))

/** Starts with a bad environment; answers what was printed when it had ended with code 1. */
const failing = async (env: Record<string, string>) => {
  const dir = scratch()
  const { exited, output } = spawnServer({
    ...MD5_FREE,
    DATA_DIR: path.join(dir, 'data'),
    PORT: String(await freeTcpPort()),
    MEDIA_PORT: String(await freeUdpPort()),
    ...env,
  })
  expect(await exited).toBe(1)
  rmSync(dir, { recursive: true, force: true })
  expect(output()).not.toMatch(/\n\s+at /)
  return output()
}

it('wrong values are one plain sentence each, all at once', async () => {
  const output = await failing({ PORT: 'eighty', ALLOW_GUESTS: 'perhaps' })
  expect(output).toContain('PORT')
  expect(output).toContain('ALLOW_GUESTS')
})

it('a taken port is one plain sentence', async () => {
  const other = createServer()
  await new Promise<void>((r) => other.listen(0, r))
  const { port } = other.address() as { port: number }
  expect(await failing({ PORT: String(port) })).toContain(String(port))
  other.close()
})

it('a data directory that is a file is one plain sentence, and the file stays', async () => {
  const dir = scratch()
  const file = path.join(dir, 'a-file')
  writeFileSync(file, 'mine')
  expect(await failing({ DATA_DIR: file })).toContain(file)
  rmSync(dir, { recursive: true, force: true })
})

it('a killed server starts again on its data, and SIGTERM ends it cleanly within five seconds', async () => {
  const first = await startServer()
  await first.kill()
  const second = await startServer({}, first.dataDir)
  const { code, ms } = await second.stop()
  expect(code).toBe(0)
  expect(ms).toBeLessThan(5000)
  second.forget()
})
