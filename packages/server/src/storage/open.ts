import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Log } from '../core/log.ts'
import { openPglite } from './pglite.ts'
import type { Storage } from './port.ts'
import { openPostgres } from './postgres.ts'

/** Beside this file in the sources; beside `main.js` in the bundle, where the build copies it. */
const MIGRATIONS = fileURLToPath(new URL('./migrations', import.meta.url))

/** Where the SQL migrations are. */
export const migrationsFolder = (): string => {
  if (!existsSync(MIGRATIONS))
    throw new Error(`The SQL migrations are missing at ${MIGRATIONS}; build the server again`)
  return MIGRATIONS
}

/** The part of the configuration that storage needs. */
export interface StorageConfig {
  /** Directory that this process holds (`openDataDir`). */
  readonly dataDir: string
  /** PostgreSQL; null for the embedded database. */
  readonly databaseUrl: string | null
}

/**
 * Opens the storage that the configuration names and brings its tables up to date.
 * @throws StartError with one plain sentence.
 */
export const openStorage = async (config: StorageConfig, log: Log): Promise<Storage> => {
  const migrations = migrationsFolder()
  if (config.databaseUrl === null) return openPglite(config.dataDir, migrations, log)
  log.info('Opening PostgreSQL (DATABASE_URL)')
  return openPostgres(config.databaseUrl, migrations)
}
