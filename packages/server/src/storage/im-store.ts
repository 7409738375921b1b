import { and, asc, desc, eq, gt, gte, lt, lte, max, or } from 'drizzle-orm'
import type { PgDatabase, PgQueryResultHKT } from 'drizzle-orm/pg-core'
import type { ImRecord, ImStore, ImViewer } from './port.ts'
import { imMessages } from './schema.ts'

type Row = typeof imMessages.$inferSelect

const fromRow = (row: Row): ImRecord => ({ ...row, text: JSON.parse(row.text) as string })

const visible = (meeting: number, { userID, privateSince }: ImViewer) =>
  and(
    eq(imMessages.meeting, meeting),
    or(
      eq(imMessages.to, ''),
      and(
        gte(imMessages.at, privateSince),
        or(eq(imMessages.to, userID), eq(imMessages.from, userID)),
      ),
    ),
  )

export const imStore = (db: PgDatabase<PgQueryResultHKT>): ImStore => ({
  async lasts() {
    const rows = await db
      .select({ meeting: imMessages.meeting, last: max(imMessages.seq) })
      .from(imMessages)
      .groupBy(imMessages.meeting)
    return new Map(rows.map(({ meeting, last }) => [meeting, last ?? 0]))
  },
  async append(messages) {
    if (messages.length === 0) return new Set()
    const kept = await db
      .insert(imMessages)
      .values(messages.map((m) => ({ ...m, text: JSON.stringify(m.text) })))
      .onConflictDoNothing({ target: [imMessages.meeting, imMessages.from, imMessages.key] })
      .returning({ seq: imMessages.seq })
    return new Set(kept.map(({ seq }) => seq))
  },
  async findByKey(meeting, from, key) {
    const same = and(
      eq(imMessages.meeting, meeting),
      eq(imMessages.from, from),
      eq(imMessages.key, key),
    )
    const [row] = await db.select().from(imMessages).where(same)
    return row ? fromRow(row) : null
  },
  async before(meeting, viewer, seq, limit) {
    const rows = await db
      .select()
      .from(imMessages)
      .where(and(visible(meeting, viewer), lt(imMessages.seq, seq)))
      .orderBy(desc(imMessages.seq))
      .limit(limit)
    return rows.reverse().map(fromRow)
  },
  async after(meeting, viewer, seq, limit) {
    const rows = await db
      .select()
      .from(imMessages)
      .where(and(visible(meeting, viewer), gt(imMessages.seq, seq)))
      .orderBy(asc(imMessages.seq))
      .limit(limit)
    return rows.map(fromRow)
  },
  async trim(meeting, seq) {
    await db
      .delete(imMessages)
      .where(and(eq(imMessages.meeting, meeting), lte(imMessages.seq, seq)))
  },
})
