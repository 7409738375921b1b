import { drizzle } from 'drizzle-orm/postgres-js'
import { migrate } from 'drizzle-orm/postgres-js/migrator'
import postgres from 'postgres'
import { StartError } from '../core/start-error.ts'
import type { Storage } from './port.ts'
import { createSqlStores } from './sql-stores.ts'

/** Any fixed number; servers that start together migrate one after the other. */
const MIGRATION_LOCK = 7_286_514
const CONNECT_SECONDS = 10
const CLOSE_SECONDS = 5

/** What went wrong, from PostgreSQL's or the socket's error code. */
const troubleOf = (code: string, message: string): string => {
  switch (code) {
    case 'ECONNREFUSED':
      return 'nothing answers at that address'
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return 'that host is not known'
    case 'CONNECT_TIMEOUT':
    case 'ETIMEDOUT':
    case 'EHOSTUNREACH':
      return 'that host does not answer'
    case '28P01':
    case '28000':
      return 'it refuses this user or password'
    case '3D000':
      return 'it has no database of that name'
    case '42501':
      return 'this user may not make tables there'
    default:
      return message
  }
}

const codeOf = (error: unknown): string => {
  for (let e = error; e instanceof Error; e = e.cause)
    if ('code' in e && typeof e.code === 'string') return e.code
  return ''
}

/** The address as a person may read it: never the password. */
const placeOf = (url: string): string => {
  const { host, pathname } = new URL(url)
  return `${host}${pathname}`
}

const unusable = (url: string, error: unknown) => {
  const message = error instanceof Error ? error.message : String(error)
  return new StartError(
    `The PostgreSQL at ${placeOf(url)} (DATABASE_URL) cannot be used: ${troubleOf(codeOf(error), message)}.`,
    { cause: error },
  )
}

const connect = (url: string, max: number) =>
  postgres(url, { max, connect_timeout: CONNECT_SECONDS, onnotice: () => {} })

const migrateOnce = async (url: string, migrations: string): Promise<void> => {
  const one = connect(url, 1)
  try {
    await one`select pg_advisory_lock(${MIGRATION_LOCK})`
    await migrate(drizzle(one), { migrationsFolder: migrations })
  } finally {
    await one.end({ timeout: CLOSE_SECONDS })
  }
}

/**
 * PostgreSQL at `url` (`postgres://user:password@host:port/database`).
 * @throws StartError when it cannot be reached or used.
 */
export const openPostgres = async (url: string, migrations: string): Promise<Storage> => {
  try {
    await migrateOnce(url, migrations)
  } catch (error) {
    throw unusable(url, error)
  }
  const client = connect(url, 10)
  let closing: Promise<void> | null = null
  return {
    ...createSqlStores(drizzle(client)),
    close() {
      closing ??= client.end({ timeout: CLOSE_SECONDS })
      return closing
    },
  }
}
