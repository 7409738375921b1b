import type { Browser } from 'playwright-core'
import type { ClassicPage } from './classic.ts'
import { hostPages } from './page-host.ts'
import { startServer } from './server.ts'

export interface MeetingRef {
  ID: number
  pswd: string
}

/** A server with a page host, and everything that a story opens on the way; closed in one go. */
export const startStage = async (extra: Record<string, string> = {}) => {
  const server = await startServer()
  const host = await hostPages(server.url, extra)
  const pages: ClassicPage[] = []
  const browsers: Browser[] = []
  return {
    server,
    host,
    keep<T extends ClassicPage | Browser>(thing: T): T {
      if ('newContext' in thing) browsers.push(thing)
      else pages.push(thing)
      return thing
    },
    async close() {
      for (const page of pages) await page.finish()
      for (const browser of browsers) await browser.close()
      await host.close()
      await server.stop()
      server.forget()
    },
  }
}

/** A meeting made by the first page, which everybody enters. */
export const meetingOf = async (
  people: readonly (readonly [ClassicPage, string])[],
): Promise<MeetingRef> => {
  for (const [page, userID] of people) await page.login(userID)
  const [first] = people[0] as readonly [ClassicPage, string]
  await first.call('CRVideo_CreateMeeting', 'story', 0)
  const [meeting] = (await first.next('CRVideo_CreateMeetingSuccess')) as [MeetingRef]
  for (const [page, userID] of people) await page.enter(meeting, userID)
  return meeting
}
