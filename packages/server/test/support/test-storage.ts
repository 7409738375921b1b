import { createHash, randomUUID } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { readFile, rename, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { PGlite } from '@electric-sql/pglite'
import { drizzle } from 'drizzle-orm/pglite'
import { migrate } from 'drizzle-orm/pglite/migrator'
import { afterAll, beforeAll, beforeEach } from 'vitest'
import { migrationsFolder } from '../../src/storage/open.ts'
import { storageOn } from '../../src/storage/pglite.ts'
import type { Storage } from '../../src/storage/port.ts'

const CACHE = fileURLToPath(new URL('../../../../node_modules/.cache/yuntang', import.meta.url))

/** Changes with the migrations and with PGlite, so that an old dump is never loaded. */
const dumpName = (migrations: string): string => {
  const hash = createHash('sha256')
  for (const file of readdirSync(migrations).sort())
    if (file.endsWith('.sql')) hash.update(readFileSync(path.join(migrations, file)))
  const pglite = fileURLToPath(import.meta.resolve('@electric-sql/pglite'))
  hash.update(readFileSync(path.join(path.dirname(pglite), '../package.json')))
  return `storage-${hash.digest('hex').slice(0, 16)}.tar`
}

const makeDump = async (file: string, migrations: string): Promise<void> => {
  const db = await PGlite.create()
  await migrate(drizzle(db), { migrationsFolder: migrations })
  const dump = await db.dumpDataDir('none')
  await db.close()
  const own = `${file}.${randomUUID()}`
  await writeFile(own, Buffer.from(await dump.arrayBuffer()))
  await rename(own, file)
}

/** Forgets meetings and sessions, so that the tests of a file can share one storage. */
export const wipeTestStorage = async ({ meetings, sessions }: Storage): Promise<void> => {
  for (const { id } of await meetings.all()) await meetings.destroy(id)
  await sessions.save(
    [],
    (await sessions.all()).map((s) => s.tokenHash),
  )
}

const openDatabase = async (migrations: string): Promise<PGlite> => {
  mkdirSync(CACHE, { recursive: true })
  const file = path.join(CACHE, dumpName(migrations))
  const bytes = await readFile(file).catch(async () => {
    await makeDump(file, migrations)
    return readFile(file)
  })
  return PGlite.create({ loadDataDir: new Blob([bytes]) })
}

/** Empty storage in memory with all tables, from a dump made once: half a second instead of four. */
export const createTestStorage = async (): Promise<Storage> => {
  const migrations = migrationsFolder()
  return storageOn(await openDatabase(migrations), migrations)
}

/** Forgets every row of every table, and counts from 1 again. */
const emptyTables = (db: PGlite) =>
  db.exec(`do $$ begin execute (
    select 'truncate ' || string_agg(quote_ident(tablename), ', ') || ' restart identity cascade'
    from pg_tables where schemaname = 'public'
  ); end $$`)

/**
 * One storage for all tests of a file or block, opened, emptied before each and closed by hooks of its
 * own: some milliseconds for a test instead of half a second. Answers the storage of the running test.
 */
export const useTestStorage = (): (() => Storage) => {
  let db: PGlite
  let storage: Storage
  beforeAll(async () => {
    const migrations = migrationsFolder()
    db = await openDatabase(migrations)
    storage = await storageOn(db, migrations)
  })
  beforeEach(async () => {
    await emptyTables(db)
  })
  afterAll(() => storage.close())
  return () => storage
}
