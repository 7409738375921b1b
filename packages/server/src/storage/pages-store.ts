import type { PgDatabase, PgQueryResultHKT } from 'drizzle-orm/pg-core'
import type { PagesStore } from './port.ts'
import { meetingPages } from './schema.ts'

export const pagesStore = (db: PgDatabase<PgQueryResultHKT>): PagesStore => ({
  async all() {
    const rows = await db.select().from(meetingPages)
    return new Map(rows.map(({ meeting, ...state }) => [meeting, state]))
  },
  async save(meeting, state) {
    await db
      .insert(meetingPages)
      .values({ meeting, ...state })
      .onConflictDoUpdate({ target: meetingPages.meeting, set: state })
  },
})
