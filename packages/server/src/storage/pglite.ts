import { accessSync, constants, existsSync, readdirSync } from 'node:fs'
import { open, readdir, rename, rm } from 'node:fs/promises'
import path from 'node:path'
import { PGlite, type PGliteOptions } from '@electric-sql/pglite'
import { drizzle } from 'drizzle-orm/pglite'
import { migrate } from 'drizzle-orm/pglite/migrator'
import type { Log } from '../core/log.ts'
import { StartError } from '../core/start-error.ts'
import { fileTrouble } from './data-dir.ts'
import { DurableNodeFS, durableStartParams } from './durable-fs.ts'
import type { Storage } from './port.ts'
import { createSqlStores } from './sql-stores.ts'

const DISK_FULL = /No space left on device|Disk quota exceeded/

/** Starts a PGlite; what PostgreSQL wrote before it failed becomes the error's text. */
const start = async (options: PGliteOptions): Promise<PGlite> => {
  const said: string[] = []
  const onStderr = (line: string) => {
    if (said.length < 100) said.push(line)
    return true
  }
  try {
    const db = new PGlite({ ...options, onStderr })
    await db.waitReady
    return db
  } catch (cause) {
    const error = new Error(said.join('\n') || 'PGlite did not start', { cause })
    throw DISK_FULL.test(error.message) ? Object.assign(error, { code: 'ENOSPC' }) : error
  }
}

const onDisk = (folder: string): PGliteOptions => ({
  fs: new DurableNodeFS(folder),
  startParams: durableStartParams(PGlite.defaultStartParams),
})

/** Puts a finished directory tree on disk, files first. */
const syncTree = async (folder: string): Promise<void> => {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const full = path.join(folder, entry.name)
    if (entry.isDirectory()) await syncTree(full)
    else if (entry.isFile()) await syncOne(full)
  }
  await syncFolder(folder)
}

/** Windows cannot open directories, and does not need them flushed. */
const syncFolder = (folder: string): Promise<void> =>
  process.platform === 'win32' ? Promise.resolve() : syncOne(folder)

const syncOne = async (file: string): Promise<void> => {
  const handle = await open(file, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/** Makes the database beside its place and moves it there when complete: a half-made one is never met. */
const make = async (folder: string): Promise<void> => {
  const unfinished = `${folder}.unfinished`
  await rm(unfinished, { recursive: true, force: true })
  const db = await start(onDisk(unfinished))
  await db.close()
  await syncTree(unfinished)
  await rename(unfinished, folder)
  await syncFolder(path.dirname(folder))
}

const damaged = (folder: string, cause: unknown) =>
  new StartError(
    `The database in ${folder} cannot be read and was left as it is; restore a backup of it, or move it away to start with an empty one.`,
    { cause },
  )

const openOnDisk = async (folder: string, log: Log): Promise<PGlite> => {
  if (!existsSync(folder)) {
    log.info(`Making the database in ${folder}; this takes some seconds, once`)
    await make(folder)
  }
  // Without this file PGlite would make a new database over the remains of the old one.
  if (!readdirSync(folder).includes('PG_VERSION')) throw damaged(folder, null)
  accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK)
  log.info(`Opening the database in ${folder}`)
  return start(onDisk(folder)).catch((error: unknown) => {
    throw fileTrouble(folder, error) ? error : damaged(folder, error)
  })
}

/** Migrates a PGlite and wraps it; the storage owns it from here on. */
export const storageOn = async (db: PGlite, migrations: string): Promise<Storage> => {
  const sql = drizzle(db)
  await migrate(sql, { migrationsFolder: migrations })
  let closing: Promise<void> | null = null
  return {
    ...createSqlStores(sql),
    close() {
      closing ??= db.close()
      return closing
    },
  }
}

/**
 * The embedded database in `<dataDir>/db`. The caller holds the data directory.
 * @throws StartError when it cannot be made or read; nothing of it is deleted.
 */
export const openPglite = async (
  dataDir: string,
  migrations: string,
  log: Log,
): Promise<Storage> => {
  const folder = path.join(dataDir, 'db')
  try {
    const db = await openOnDisk(folder, log)
    return await storageOn(db, migrations).catch(async (error: unknown) => {
      await db.close().catch(() => {})
      throw damaged(folder, error)
    })
  } catch (error) {
    const sentence = fileTrouble(dataDir, error)
    throw sentence ? new StartError(sentence, { cause: error }) : error
  }
}
