import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Client, Meeting } from '../../packages/sdk/src/api.ts'
import { launchFace, openPage } from '../support/browser.ts'
import { eventually } from '../support/eventually.ts'
import { BLUE, type Face, GREEN, RED } from '../support/media-files.ts'
import { hostPages } from '../support/page-host.ts'
import { ACCOUNT, PASSWORD, type RunningServer, startServer } from '../support/server.ts'

declare global {
  interface Window {
    yuntang: { createClient(options: { server: string }): Client }
    SERVER: string
    ready: boolean
    client: Client
    meeting: Meeting
    log: string[]
    pictures: Record<string, HTMLVideoElement>
  }
}

const PEOPLE: readonly [string, Face][] = [
  ['red', RED],
  ['green', GREEN],
  ['blue', BLUE],
]
const close = (a: readonly number[], b: readonly number[]) =>
  a.every((x, i) => Math.abs(x - (b[i] as number)) < 45)

describe('three members through the typed SDK', () => {
  let server: RunningServer
  let host: Awaited<ReturnType<typeof hostPages>>
  const browsers: Browser[] = []
  const pages: Page[] = []
  let id = 0
  const page = (i: number) => pages[i] as Page

  beforeAll(async () => {
    server = await startServer()
    host = await hostPages(server.url)
    for (const [userID, face] of PEOPLE) {
      const browser = await launchFace(face)
      browsers.push(browser)
      const { page: p } = await openPage(browser, `${host.url}/typed.html`)
      await p.waitForFunction(() => window.ready)
      await p.evaluate(
        async ([account, password, user]) => {
          window.client = window.yuntang.createClient({ server: window.SERVER })
          await window.client.login({ account, password, nickName: user, userID: user })
        },
        [ACCOUNT, PASSWORD, userID] as const,
      )
      pages.push(p)
    }
  })

  afterAll(async () => {
    for (const b of browsers) await b.close()
    await host.close()
    await server.stop()
    server.forget()
  })

  it('errors are typed: a wrong password and an unknown meeting reject with their code', async () => {
    const codes = await page(0).evaluate(async () => {
      const caught: unknown[] = []
      const code = (e: unknown) => caught.push((e as { code: string }).code)
      await window.client.enter({ id: 10_000_001 }).catch(code)
      await window.client.login({ account: 'x', password: 'y', nickName: '' }).catch(code)
      const m = await window.client.meetings.create({ subject: 'typed', withPassword: true })
      await window.client.enter({ id: m.id, password: 'no' }).catch(code)
      return { caught, id: m.id, password: m.password }
    })
    expect(codes.caught).toEqual(['meeting.unknown', 'login.state', 'meeting.password'])
    id = codes.id
    for (const p of pages)
      await p.evaluate(
        async ([meetingID, password]) => {
          window.log = []
          window.pictures = {}
          const m = await window.client.enter({
            id: meetingID as number,
            password: password as string,
          })
          window.meeting = m
          m.on('memberEntered', (e) => window.log.push(`entered ${e.member.userID}`))
          m.on('memberLeft', (e) => window.log.push(`left ${e.userID} ${e.cause}`))
          m.on('ended', (e) => window.log.push(`ended ${e.reason}`))
        },
        [codes.id, codes.password] as const,
      )
    expect(id).toBeGreaterThan(0)
  })

  it('everybody opens, and every member sees the two right moving pictures and hears the others', async () => {
    for (const p of pages)
      await p.evaluate(async () => {
        await Promise.all([window.meeting.mic.open(), window.meeting.camera.open()])
      })
    for (const [i, [me]] of PEOPLE.entries())
      await page(i).evaluate(
        (others) => {
          for (const userID of others) {
            const video = document.createElement('video')
            video.muted = true
            video.autoplay = true
            document.body.append(video)
            window.pictures[userID] = video
            window.meeting.watch({ userID, videoID: -1, height: 360 }, (stream) => {
              video.srcObject = stream
            })
          }
        },
        PEOPLE.map(([u]) => u).filter((u) => u !== me),
      )
    const look = (i: number, userID: string) =>
      page(i).evaluate((u) => {
        const video = window.pictures[u]
        if (!video?.videoWidth) return null
        const canvas = new OffscreenCanvas(64, 36)
        const context = canvas.getContext('2d') as OffscreenCanvasRenderingContext2D
        context.drawImage(video, 0, 0, 64, 36)
        const { data } = context.getImageData(0, 0, 64, 36)
        const sum = [0, 0, 0]
        for (let n = 0; n < data.length; n += 4)
          for (const c of [0, 1, 2]) sum[c] = (sum[c] as number) + (data[n + c] as number)
        return { rgb: sum.map((s) => s / (64 * 36)), time: video.currentTime }
      }, userID)
    for (const [i, [me]] of PEOPLE.entries())
      for (const [userID, face] of PEOPLE.filter(([u]) => u !== me)) {
        const seen = await eventually(async () => {
          const picture = await look(i, userID)
          if (!picture || !close(picture.rgb, face.rgb))
            throw new Error(`${me} does not see ${userID}`)
          return picture
        })
        await eventually(async () =>
          expect((await look(i, userID))?.time).toBeGreaterThan(seen.time),
        )
        await eventually(async () =>
          expect(await page(i).evaluate((u) => window.meeting.energy(u), userID)).toBeGreaterThan(
            0,
          ),
        )
      }
  })

  it('leaving, coming back and ending are events in order', async () => {
    await page(2).evaluate(() => window.meeting.leave())
    await eventually(async () =>
      expect(await page(0).evaluate(() => window.log.at(-1))).toBe('left blue left'),
    )
    expect(await page(0).evaluate(() => window.meeting.members.map((m) => m.userID))).toEqual([
      'red',
      'green',
    ])
    await page(0).evaluate((n) => window.client.meetings.destroy(n), id)
    await eventually(async () =>
      expect(await page(1).evaluate(() => window.log.at(-1))).toBe('ended stopped'),
    )
    await page(1).evaluate(() => window.client.close())
    expect(await page(1).evaluate(() => window.client.state)).toBe('closed')
  })
})
