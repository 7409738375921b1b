import type { Browser, Page } from 'playwright-core'
import type { Client, Meeting } from '../../packages/sdk/src/api.ts'
import { openPage } from './browser.ts'
import { type ConnectionChanges, connectionScript } from './peer-connections.ts'
import { ACCOUNT, PASSWORD } from './server.ts'

/** A page on the typed SDK: `client`, `meeting`, and one picture per watched member. */
export interface TypedWindow extends Window {
  yuntang: { createClient(options: { server: string }): Client }
  SERVER: string
  ready: boolean
  client: Client
  meeting: Meeting
  resize(height: number): void
  /** The picture of the member that was watched last, and times of its shown frames, ms. */
  picture: HTMLVideoElement
  shownAt: number[]
  /** The same by user ID. */
  views: Record<string, { picture: HTMLVideoElement; shownAt: number[] }>
  ended: string[]
}

export type TypedPage = { page: Page; errors: string[] }

/** Opens a page, logs in, and enters the meeting; without an ID it makes one. */
export const enterTyped = async (
  browser: Browser,
  host: string,
  userID: string,
  meeting: number | null,
  changes: ConnectionChanges = {},
): Promise<TypedPage & { id: number }> => {
  const opened = await openPage(browser, `${host}/typed.html`, {}, connectionScript(changes))
  const { page } = opened
  await page.waitForFunction(() => (window as unknown as TypedWindow).ready)
  const id = await page.evaluate(
    async ([account, password, user, given]) => {
      const w = window as unknown as TypedWindow
      w.ended = []
      w.client = w.yuntang.createClient({ server: w.SERVER })
      await w.client.login({ account, password, nickName: user, userID: user })
      const known = given ?? (await w.client.meetings.create({ subject: 'media' })).id
      w.meeting = await w.client.enter({ id: known })
      w.meeting.on('ended', (e) => w.ended.push(e.reason))
      return known
    },
    [ACCOUNT, PASSWORD, userID, meeting] as const,
  )
  return { ...opened, id }
}

/** Shows a member's default camera, and notes when each frame appears. */
export const watchTyped = (page: Page, userID: string, height: number): Promise<void> =>
  page.evaluate(
    ([user, lines]) => {
      const w = window as unknown as TypedWindow
      const video = document.createElement('video')
      video.muted = true
      video.autoplay = true
      document.body.append(video)
      const shownAt: number[] = []
      w.picture = video
      w.shownAt = shownAt
      w.views ??= {}
      w.views[user] = { picture: video, shownAt }
      const next = () =>
        video.requestVideoFrameCallback(() => {
          shownAt.push(performance.now())
          next()
        })
      next()
      const watch = w.meeting.watch({ userID: user, videoID: -1, height: lines }, (stream) => {
        video.srcObject = stream
      })
      w.resize = (to) => watch.resize(to)
    },
    [userID, height] as const,
  )

/** Lines of the picture shown now. */
export const shownLines = (page: Page): Promise<number> =>
  page.evaluate(() => (window as unknown as TypedWindow).picture.videoHeight)

/** Lines of a member's picture, once another frame was shown since `from` (ms of the page's clock); 0 before. */
export const shownSince = (page: Page, userID: string, from: number): Promise<number> =>
  page.evaluate(
    ([user, start]) => {
      const view = (window as unknown as TypedWindow).views[user]
      return (view?.shownAt.at(-1) ?? 0) > start ? (view?.picture.videoHeight ?? 0) : 0
    },
    [userID, from] as const,
  )

/** Longest time without a new frame since `from` (ms of the page's clock), until now. */
export const longestGap = (page: Page, from: number, userID?: string): Promise<number> =>
  page.evaluate(
    ([start, user]) => {
      const w = window as unknown as TypedWindow
      const shownAt = (user === undefined ? w : w.views[user])?.shownAt ?? []
      const times = [start, ...shownAt.filter((t) => t > start), performance.now()]
      return Math.max(...times.slice(1).map((t, i) => t - (times[i] as number)))
    },
    [from, userID] as const,
  )

export const pageNow = (page: Page): Promise<number> => page.evaluate(() => performance.now())

/** Sums a counter of the page's stats of one type and kind, over all its connections. */
export const sumStat = (page: Page, type: string, kind: string, field: string): Promise<number> =>
  page.evaluate(
    async ([t, k, f]) => {
      let sum = 0
      for (const pc of window.connections)
        for (const stat of (await pc.getStats()).values())
          if (stat.type === t && stat.kind === k) sum += Number(stat[f as string] ?? 0)
      return sum
    },
    [type, kind, field] as const,
  )
