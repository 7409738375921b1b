import { afterAll, describe, it } from 'vitest'
import { silentLog } from '../../src/core/log.ts'
import { openStorage } from '../../src/storage/open.ts'
import { startPostgres } from '../support/postgres.ts'
import { createTestStorage } from '../support/test-storage.ts'
import { storageContract } from './contract/storage-contract.ts'

storageContract('PGlite', createTestStorage)

const server = await startPostgres()
afterAll(() => server.stop())

if (server.url === null) {
  describe.skip('storage contract on PostgreSQL', () => it(`skipped: ${server.reason}`))
} else {
  const { url } = server
  storageContract('PostgreSQL', () =>
    openStorage({ dataDir: 'unused', databaseUrl: url }, silentLog),
  )
}
