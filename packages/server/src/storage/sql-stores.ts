import { and, asc, desc, eq, inArray, sql } from 'drizzle-orm'
import type { PgDatabase, PgQueryResultHKT } from 'drizzle-orm/pg-core'
import { createGatherer } from '../core/gather.ts'
import { boardStore } from './board-store.ts'
import { imStore } from './im-store.ts'
import { markStore } from './mark-store.ts'
import { netFileStore } from './net-file-store.ts'
import { pagesStore } from './pages-store.ts'
import type { AccountStore, MeetingStore, SessionStore, UserStore } from './port.ts'
import { MeetingConflict } from './port.ts'
import { queueStore } from './queue-store.ts'
import { recordTable } from './record-table.ts'
import { accounts, meetings, sessions, users } from './schema.ts'
import { storable, violatedConstraint } from './sql-text.ts'

type Database = PgDatabase<PgQueryResultHKT>

/** A key with U+0000 names nothing that could have been stored. */
const isKey = (text: string) => !text.includes('\u0000')

const accountStore = (db: Database): AccountStore => ({
  async find(name) {
    if (!isKey(name)) return null
    const rows = await db.select().from(accounts).where(eq(accounts.name, name))
    return rows[0] ?? null
  },
  list: () => db.select().from(accounts).orderBy(asc(accounts.name)),
  async upsert(account) {
    const { passwordHash, authUrl, disabled } = account
    await db
      .insert(accounts)
      .values({ name: account.name, passwordHash, authUrl, disabled })
      .onConflictDoUpdate({ target: accounts.name, set: { passwordHash, authUrl, disabled } })
  },
})

const CONFLICTS: Readonly<Record<string, MeetingConflict['field']>> = {
  meetings_slug_key: 'slug',
  meetings_request_key: 'requestKey',
}

const meetingStore = (db: Database): MeetingStore => {
  const newestFirst = [desc(meetings.createdAt), desc(meetings.id)]
  return {
    async create(meeting) {
      try {
        await db.insert(meetings).values({ ...meeting, subject: storable(meeting.subject) })
      } catch (error) {
        const constraint = violatedConstraint(error)
        if (constraint === null) throw error
        throw new MeetingConflict(CONFLICTS[constraint] ?? 'id')
      }
    },
    async find(id) {
      const rows = await db.select().from(meetings).where(eq(meetings.id, id))
      return rows[0] ?? null
    },
    async findBySlug(slug) {
      if (!isKey(slug)) return null
      const rows = await db.select().from(meetings).where(eq(meetings.slug, slug))
      return rows[0] ?? null
    },
    async findByRequest(account, creator, key) {
      if (![account, creator, key].every(isKey)) return null
      const rows = await db
        .select()
        .from(meetings)
        .where(
          and(
            eq(meetings.account, account),
            eq(meetings.creator, creator),
            eq(meetings.requestKey, key),
          ),
        )
      return rows[0] ?? null
    },
    list: (account) =>
      db
        .select()
        .from(meetings)
        .where(eq(meetings.account, account))
        .orderBy(...newestFirst),
    count: (account) => db.$count(meetings, eq(meetings.account, account)),
    all: () =>
      db
        .select()
        .from(meetings)
        .orderBy(...newestFirst),
    async setEmptySince(id, at) {
      await db.update(meetings).set({ emptySince: at }).where(eq(meetings.id, id))
    },
    async destroy(id) {
      const rows = await db
        .delete(meetings)
        .where(eq(meetings.id, id))
        .returning({ id: meetings.id })
      return rows.length > 0
    },
  }
}

/** Rows of one statement; its parameters stay far below PostgreSQL's limit. */
const BATCH = 1_000

const userStore = (db: Database): UserStore => {
  /** One disk write for all who log in while the last one runs: a crowd does not stand in line. */
  const logins = createGatherer(async (rows: readonly (typeof users.$inferInsert)[]) => {
    const last = new Map(rows.map((row) => [`${row.account}\n${row.userID}`, row]))
    const all = [...last.values()]
    for (let at = 0; at < all.length; at += BATCH)
      await db
        .insert(users)
        .values(all.slice(at, at + BATCH))
        .onConflictDoUpdate({
          target: [users.account, users.userID],
          set: { nickName: sql`excluded.nick_name`, lastSeen: sql`excluded.last_seen` },
        })
  })
  return {
    remember: (account, userID, nickName, at) =>
      logins.add({ account, userID, nickName: storable(nickName), lastSeen: at }),
    async find(account, userID) {
      if (!isKey(account) || !isKey(userID)) return null
      const rows = await db
        .select()
        .from(users)
        .where(and(eq(users.account, account), eq(users.userID, userID)))
      return rows[0] ?? null
    },
  }
}

const sessionStore = (db: Database): SessionStore => ({
  all: () => db.select().from(sessions).orderBy(asc(sessions.savedAt), asc(sessions.tokenHash)),
  async save(keep, forget) {
    for (let at = 0; at < keep.length; at += BATCH)
      await db
        .insert(sessions)
        .values(keep.slice(at, at + BATCH))
        .onConflictDoUpdate({
          target: sessions.tokenHash,
          set: { savedAt: sql`excluded.saved_at`, data: sql`excluded.data` },
        })
    for (let at = 0; at < forget.length; at += BATCH)
      await db.delete(sessions).where(inArray(sessions.tokenHash, forget.slice(at, at + BATCH)))
  },
})

/** The stores over any PostgreSQL that Drizzle can drive. */
export const createSqlStores = (db: Database) => ({
  accounts: accountStore(db),
  meetings: meetingStore(db),
  users: userStore(db),
  sessions: sessionStore(db),
  queues: queueStore(db),
  netFiles: netFileStore(db),
  records: recordTable(db),
  im: imStore(db),
  pages: pagesStore(db),
  boards: boardStore(db),
  marks: markStore(db),
})
