import { and, asc, eq, inArray, isNotNull, isNull, lt, notInArray, sql } from 'drizzle-orm'
import type { PgDatabase, PgQueryResultHKT } from 'drizzle-orm/pg-core'
import type { NetFileOwner, NetFileStore } from './port.ts'
import { meetings, netFiles } from './schema.ts'

const unfinishedOf = (meeting: number, { owner, guest }: NetFileOwner) =>
  and(
    eq(netFiles.meeting, meeting),
    eq(netFiles.owner, owner),
    eq(netFiles.guest, guest),
    isNull(netFiles.md5),
  )

const blobsOf = (rows: readonly { blob: string }[]) => rows.map(({ blob }) => blob)

export const netFileStore = (db: PgDatabase<PgQueryResultHKT>): NetFileStore => ({
  async create(file) {
    await db.insert(netFiles).values(file)
  },
  async find(meeting, fileID) {
    const complete = and(
      eq(netFiles.meeting, meeting),
      eq(netFiles.fileID, fileID),
      isNotNull(netFiles.md5),
    )
    return (await db.select().from(netFiles).where(complete))[0] ?? null
  },
  async findUnfinished(meeting, fileID, owner) {
    const mine = and(eq(netFiles.fileID, fileID), unfinishedOf(meeting, owner))
    return (await db.select().from(netFiles).where(mine))[0] ?? null
  },
  unfinished: (meeting, owner, limit) =>
    db
      .select()
      .from(netFiles)
      .where(unfinishedOf(meeting, owner))
      .orderBy(asc(netFiles.createdAt), asc(netFiles.blob))
      .limit(limit),
  async touch(blob, at) {
    const mine = and(eq(netFiles.blob, blob), isNull(netFiles.md5))
    await db.update(netFiles).set({ createdAt: at }).where(mine)
  },
  list: (meeting) =>
    db
      .select()
      .from(netFiles)
      .where(and(eq(netFiles.meeting, meeting), eq(netFiles.type, 0), isNotNull(netFiles.md5)))
      .orderBy(asc(netFiles.createdAt), asc(netFiles.blob)),
  async usage(meeting) {
    const rows = await db
      .select({
        files: sql<number>`count(*)`.mapWith(Number),
        kb: sql<number>`coalesce(sum((${netFiles.size} + 1023) / 1024), 0)`.mapWith(Number),
      })
      .from(netFiles)
      .where(eq(netFiles.meeting, meeting))
    return rows[0] ?? { files: 0, kb: 0 }
  },
  complete: (blob, md5, at) =>
    db.transaction(async (tx) => {
      const [file] = await tx.select().from(netFiles).where(eq(netFiles.blob, blob)).for('update')
      if (!file || file.md5 !== null) return null
      const same = and(
        eq(netFiles.meeting, file.meeting),
        eq(netFiles.fileID, file.fileID),
        isNotNull(netFiles.md5),
      )
      const [replaced] = await tx.delete(netFiles).where(same).returning({ blob: netFiles.blob })
      await tx.update(netFiles).set({ md5, createdAt: at }).where(eq(netFiles.blob, blob))
      return replaced?.blob ?? null
    }),
  async remove(blob) {
    await db.delete(netFiles).where(eq(netFiles.blob, blob))
  },
  async removeAll(meeting) {
    const gone = db.delete(netFiles).where(eq(netFiles.meeting, meeting))
    return blobsOf(await gone.returning({ blob: netFiles.blob }))
  },
  async removeStale(before) {
    const stale = and(isNull(netFiles.md5), lt(netFiles.createdAt, before))
    return blobsOf(await db.delete(netFiles).where(stale).returning({ blob: netFiles.blob }))
  },
  async removeOver() {
    const over = notInArray(netFiles.meeting, db.select({ id: meetings.id }).from(meetings))
    return blobsOf(await db.delete(netFiles).where(over).returning({ blob: netFiles.blob }))
  },
  async known(blobs) {
    if (blobs.length === 0) return new Set()
    const asked = inArray(netFiles.blob, [...blobs])
    return new Set(blobsOf(await db.select({ blob: netFiles.blob }).from(netFiles).where(asked)))
  },
})
