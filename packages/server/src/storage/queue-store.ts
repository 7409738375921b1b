import { asc, eq } from 'drizzle-orm'
import type { PgDatabase, PgQueryResultHKT } from 'drizzle-orm/pg-core'
import { QueueConflict, type QueueRecord, type QueueSettings, type QueueStore } from './port.ts'
import { queueAccounts, queues } from './schema.ts'
import { storable, violatedConstraint } from './sql-text.ts'

const columns = (q: QueueSettings) => ({
  name: storable(q.name),
  desc: storable(q.desc),
  priority: q.priority,
  maxWaiting: q.maxWaiting,
  maxWaitMs: q.maxWaitMs,
  agents: q.agents === null ? null : q.agents.map(storable),
  global: q.global,
})

/** A name that is taken is the only thing that can be violated. */
const orConflict = async <T>(write: Promise<T>): Promise<T> => {
  try {
    return await write
  } catch (error) {
    throw violatedConstraint(error) === null ? error : new QueueConflict()
  }
}

export const queueStore = (db: PgDatabase<PgQueryResultHKT>): QueueStore => ({
  all: () => db.select().from(queues).orderBy(asc(queues.id)),
  async create(account, queue, now) {
    const values = { account, ...columns(queue), createdAt: now, updatedAt: now }
    const rows = await orConflict(db.insert(queues).values(values).returning())
    return rows[0] as QueueRecord
  },
  async update(id, queue, now) {
    const set = { ...columns(queue), updatedAt: now }
    const rows = await orConflict(db.update(queues).set(set).where(eq(queues.id, id)).returning())
    return rows[0] ?? null
  },
  async delete(id) {
    const rows = await db.delete(queues).where(eq(queues.id, id)).returning({ id: queues.id })
    return rows.length > 0
  },
  async seed(account, first, now) {
    await db.transaction(async (tx) => {
      const claimed = await tx
        .insert(queueAccounts)
        .values({ account })
        .onConflictDoNothing()
        .returning()
      if (claimed.length === 0 || first.length === 0) return
      await tx
        .insert(queues)
        .values(first.map((q) => ({ account, ...columns(q), createdAt: now, updatedAt: now })))
    })
  },
})
