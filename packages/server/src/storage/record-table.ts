import { and, desc, eq, inArray, isNotNull, isNull, lt, type SQL, sql } from 'drizzle-orm'
import type { PgDatabase, PgQueryResultHKT } from 'drizzle-orm/pg-core'
import type { RecordOwner, RecordTable } from './record-port.ts'
import { records } from './schema.ts'

const of = (account: string, { owner, seat }: RecordOwner) =>
  and(eq(records.account, account), eq(records.owner, owner), eq(records.seat, seat))

export const recordTable = (db: PgDatabase<PgQueryResultHKT>): RecordTable => {
  const findOne = async (where: SQL | undefined) =>
    (await db.select().from(records).where(where))[0] ?? null
  return {
    async create(entry) {
      await db.insert(records).values(entry)
    },
    find: (id) => findOne(eq(records.id, id)),
    findByKey: (account, key) => findOne(and(eq(records.account, account), eq(records.key, key))),
    findByPath: (account, path) =>
      findOne(and(eq(records.account, account), eq(records.path, path))),
    async taken(account, paths) {
      if (paths.length === 0) return new Set()
      const asked = and(eq(records.account, account), inArray(records.path, [...paths]))
      const rows = await db.select({ path: records.path }).from(records).where(asked)
      return new Set(rows.flatMap(({ path }) => path ?? []))
    },
    list: (account, owner, before, limit) =>
      db
        .select()
        .from(records)
        .where(
          and(
            owner ? of(account, owner) : eq(records.account, account),
            isNotNull(records.path),
            before === null ? undefined : lt(records.id, before),
          ),
        )
        .orderBy(desc(records.id))
        .limit(limit),
    async usage(account) {
      const rows = await db
        .select({
          records: sql<number>`count(*)`.mapWith(Number),
          bytes: sql<number>`coalesce(sum(${records.size}), 0)`.mapWith(Number),
        })
        .from(records)
        .where(eq(records.account, account))
      return rows[0] ?? { records: 0, bytes: 0 }
    },
    unfinished: (account, owner) =>
      db.$count(records, and(of(account, owner), isNull(records.path))),
    async change(id, change) {
      await db.update(records).set(change).where(eq(records.id, id))
    },
    confirm: (id, confirmation) =>
      db.transaction(async (tx) => {
        const [entry] = await tx.select().from(records).where(eq(records.id, id)).for('update')
        if (!entry || entry.path !== null) return null
        const same = and(eq(records.account, entry.account), eq(records.path, confirmation.path))
        const [replaced] = await tx.delete(records).where(same).returning({ id: records.id })
        await tx.update(records).set(confirmation).where(eq(records.id, id))
        return replaced?.id ?? null
      }),
    async remove(id) {
      await db.delete(records).where(eq(records.id, id))
    },
    async removeStale(before) {
      const stale = and(isNull(records.path), lt(records.touchedAt, before))
      const rows = await db.delete(records).where(stale).returning({ id: records.id })
      return rows.map(({ id }) => id)
    },
    async known(ids) {
      if (ids.length === 0) return new Set()
      const asked = inArray(records.id, [...ids])
      const rows = await db.select({ id: records.id }).from(records).where(asked)
      return new Set(rows.map(({ id }) => id))
    },
  }
}
