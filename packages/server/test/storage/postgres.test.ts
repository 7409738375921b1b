import { describe, expect, it } from 'vitest'
import { silentLog } from '../../src/core/log.ts'
import { StartError } from '../../src/core/start-error.ts'
import { openStorage } from '../../src/storage/open.ts'
import { startPostgres } from '../support/postgres.ts'

const open = (databaseUrl: string) => openStorage({ dataDir: 'unused', databaseUrl }, silentLog)
const failureOf = (databaseUrl: string) => open(databaseUrl).catch((error: unknown) => error)

describe('DATABASE_URL that cannot be used', () => {
  it('nothing at the address: one sentence with the place and without the password', async () => {
    const failure = await failureOf('postgres://me:geheim@127.0.0.1:1/calls')
    expect(failure).toBeInstanceOf(StartError)
    expect(String(failure)).toBe(
      'StartError: The PostgreSQL at 127.0.0.1:1/calls (DATABASE_URL) cannot be used: nothing answers at that address.',
    )
  })

  it('an unknown host: one sentence', async () => {
    const failure = await failureOf('postgres://me@no-such-host.invalid/calls')
    expect(failure).toBeInstanceOf(StartError)
    expect(String(failure)).toMatch(/that host (is not known|does not answer)\.$/)
  })

  it('an unknown database: one sentence; two servers may start together', async (context) => {
    const server = await startPostgres()
    if (server.url === null) return context.skip(`skipped: ${server.reason}`)
    try {
      const missing = await failureOf(server.url.replace(/\/postgres$/, '/missing'))
      expect(missing).toBeInstanceOf(StartError)
      expect(String(missing)).toMatch(/it has no database of that name\.$/)
      const both = await Promise.all([open(server.url), open(server.url)])
      for (const storage of both) {
        expect(await storage.meetings.all()).toEqual([])
        await storage.close()
      }
    } finally {
      await server.stop()
    }
  })
})
