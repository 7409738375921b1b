// Opens the embedded database, writes, says so on standard output, and waits to be killed.
import { createLog } from '../../src/core/log.ts'
import { openDataDir } from '../../src/storage/data-dir.ts'
import { openStorage } from '../../src/storage/open.ts'

const [dataDir = '', subject = ''] = process.argv.slice(2)
openDataDir(dataDir)
const storage = await openStorage({ dataDir, databaseUrl: null }, createLog('silent'))
await storage.accounts.upsert({ name: 'a', passwordHash: 'h', authUrl: null, disabled: false })
await storage.meetings.create({
  id: 12_345_678,
  account: 'a',
  subject,
  password: '',
  creator: 'u',
  slug: 'abcdef',
  createdAt: 1,
  emptySince: null,
  requestKey: null,
})
for (let i = 0; i < 50; i++) await storage.users.remember('a', 'u', `nick ${i}`, i)
process.stdout.write('written\n')
setInterval(() => {}, 1000)
