import { and, asc, eq, inArray, sql } from 'drizzle-orm'
import type { PgDatabase, PgQueryResultHKT } from 'drizzle-orm/pg-core'
import { batches } from './batches.ts'
import type { MarkStore } from './port.ts'
import { shareMarks } from './schema.ts'

export const markStore = (db: PgDatabase<PgQueryResultHKT>): MarkStore => {
  const t = shareMarks
  const of = (meeting: number, share: number) => and(eq(t.meeting, meeting), eq(t.share, share))
  return {
    shares: () => db.selectDistinct({ meeting: t.meeting, share: t.share }).from(t),
    load: (meeting, share) =>
      db.select({ n: t.n, data: t.data }).from(t).where(of(meeting, share)).orderBy(asc(t.n)),
    save: (meeting, share, { marks, gone }) =>
      db.transaction(async (tx) => {
        for (const numbers of batches(gone))
          await tx.delete(t).where(and(of(meeting, share), inArray(t.n, numbers)))
        for (const rows of batches(marks, ({ data }) => data.length))
          await tx
            .insert(t)
            .values(rows.map((row) => ({ meeting, share, ...row })))
            .onConflictDoUpdate({
              target: [t.meeting, t.share, t.n],
              set: { data: sql`excluded.data` },
            })
      }),
    async remove(meeting, share) {
      await db.delete(t).where(share === undefined ? eq(t.meeting, meeting) : of(meeting, share))
    },
  }
}
