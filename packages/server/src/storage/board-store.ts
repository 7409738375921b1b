import { and, asc, eq, inArray, sql } from 'drizzle-orm'
import type { PgDatabase, PgQueryResultHKT } from 'drizzle-orm/pg-core'
import { batches } from './batches.ts'
import type { BoardChanges, BoardStore } from './port.ts'
import { boardElements, boardPages, boards } from './schema.ts'

type Database = PgDatabase<PgQueryResultHKT>

const close = async (db: Database, meeting: number, closed: readonly string[]) => {
  for (const ids of batches(closed))
    for (const table of [boardElements, boardPages, boards])
      await db.delete(table).where(and(eq(table.meeting, meeting), inArray(table.boardID, ids)))
}

const savePages = async (db: Database, meeting: number, pages: BoardChanges['pages']) => {
  const t = boardElements
  for (const { boardID, page, replaced } of pages)
    if (replaced)
      await db
        .delete(t)
        .where(and(eq(t.meeting, meeting), eq(t.boardID, boardID), eq(t.page, page)))
  for (const rows of batches(pages))
    await db
      .insert(boardPages)
      .values(rows.map(({ boardID, page, img }) => ({ meeting, boardID, page, img })))
      .onConflictDoUpdate({
        target: [boardPages.meeting, boardPages.boardID, boardPages.page],
        set: { img: sql`excluded.img` },
      })
}

const saveElements = async (db: Database, meeting: number, changes: BoardChanges) => {
  const t = boardElements
  const byPage = new Map<string, BoardChanges['deleted'][number][]>()
  for (const gone of changes.deleted) {
    const key = `${gone.page};${gone.boardID}`
    const sofar = byPage.get(key)
    if (sofar) sofar.push(gone)
    else byPage.set(key, [gone])
  }
  for (const gone of byPage.values())
    for (const rows of batches(gone)) {
      const { boardID, page } = rows[0] as (typeof rows)[number]
      const ids = rows.map(({ elementID }) => elementID)
      const onPage = and(eq(t.meeting, meeting), eq(t.boardID, boardID), eq(t.page, page))
      await db.delete(t).where(and(onPage, inArray(t.elementID, ids)))
    }
  for (const rows of batches(changes.elements, ({ data }) => data.length))
    await db
      .insert(t)
      .values(rows.map((row) => ({ meeting, ...row })))
      .onConflictDoUpdate({
        target: [t.meeting, t.boardID, t.page, t.elementID],
        set: {
          author: sql`excluded.author`,
          position: sql`excluded.position`,
          data: sql`excluded.data`,
        },
      })
}

export const boardStore = (db: Database): BoardStore => ({
  async meetings() {
    const rows = await db.selectDistinct({ meeting: boards.meeting }).from(boards)
    return rows.map(({ meeting }) => meeting)
  },
  async load(meeting) {
    const b = boards
    const p = boardPages
    const e = boardElements
    const ofBoard = db.select().from(b).where(eq(b.meeting, meeting)).orderBy(asc(b.position))
    const ofPage = db
      .select()
      .from(p)
      .where(eq(p.meeting, meeting))
      .orderBy(asc(p.boardID), asc(p.page))
    const ofElement = db
      .select()
      .from(e)
      .where(eq(e.meeting, meeting))
      .orderBy(asc(e.position), asc(e.elementID))
    const plain = <T extends { meeting: number }>(rows: T[]) =>
      rows.map(({ meeting: _, ...row }) => row)
    return {
      boards: plain(await ofBoard),
      pages: plain(await ofPage),
      elements: plain(await ofElement),
    }
  },
  save: (meeting, changes) =>
    db.transaction(async (tx) => {
      await close(tx, meeting, changes.closed)
      for (const rows of batches(changes.boards))
        await tx
          .insert(boards)
          .values(rows.map((row) => ({ meeting, ...row })))
          .onConflictDoNothing()
      await savePages(tx, meeting, changes.pages)
      await saveElements(tx, meeting, changes)
    }),
  async removeAll(meeting) {
    for (const table of [boardElements, boardPages, boards])
      await db.delete(table).where(eq(table.meeting, meeting))
  },
})
