import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { launchFace } from '../support/browser.ts'
import { ClassicPage } from '../support/classic.ts'
import { eventually } from '../support/eventually.ts'
import { BLUE, type Face, GREEN } from '../support/media-files.ts'
import { hostPages } from '../support/page-host.ts'
import { freeTcpPort, freeUdpPort, type RunningServer, startServer } from '../support/server.ts'

const PEOPLE: readonly [string, Face][] = [
  ['green', GREEN],
  ['blue', BLUE],
]
/** Slots that tell of members, statuses and ends: none may fire without a cause. */
const TELLING = [
  'CRVideo_UserEnterMeeting',
  'CRVideo_UserLeftMeeting',
  'CRVideo_AudioStatusChanged',
  'CRVideo_VideoStatusChanged',
  'CRVideo_VideoDevChanged',
  'CRVideo_DefVideoChanged',
  'CRVideo_MeetingDropped',
  'CRVideo_MeetingStopped',
  'CRVideo_LineOff',
  'CRVideo_LoginSuccess',
  'CRVideo_EnterMeetingRslt',
]

describe('the server is killed in mid-meeting and started again', () => {
  let server: RunningServer
  let host: Awaited<ReturnType<typeof hostPages>>
  let env: Record<string, string>
  const browsers: Browser[] = []
  const pages: ClassicPage[] = []
  const page = (i: number) => pages[i] as ClassicPage
  const other = (i: number) => PEOPLE[1 - i] as [string, Face]

  /** A picture of the right colour that changes. */
  const moves = (i: number) =>
    eventually(async () => {
      const [userID, { rgb }] = other(i)
      const first = await page(i).look(userID)
      expect(first?.rgb.every((c, n) => Math.abs(c - (rgb[n] as number)) < 45)).toBe(true)
      await new Promise((resolve) => setTimeout(resolve, 150))
      expect((await page(i).look(userID))?.print).not.toBe(first?.print)
    }, 30_000)

  beforeAll(async () => {
    env = { PORT: String(await freeTcpPort()), MEDIA_PORT: String(await freeUdpPort()) }
    server = await startServer(env)
    host = await hostPages(server.url)
    for (const [userID, face] of PEOPLE) {
      const browser = await launchFace(face)
      browsers.push(browser)
      const p = await ClassicPage.open(browser, host.url, server.url)
      await p.login(userID)
      pages.push(p)
    }
    await page(0).call('CRVideo_CreateMeeting', 'restart', 1)
    const [meeting] = await page(0).next('CRVideo_CreateMeetingSuccess')
    for (const [i, [userID]] of PEOPLE.entries()) {
      await page(i).enter(meeting as { ID: number; pswd: string }, userID)
      await page(i).call('CRVideo_OpenMic', userID)
      await page(i).call('CRVideo_OpenVideo', userID)
      await page(i).next('CRVideo_AudioStatusChanged', userID, 4, 3)
      await page(i).next('CRVideo_VideoStatusChanged', userID, 4, 3)
    }
    for (const i of [0, 1]) {
      await page(i).read(`show(${JSON.stringify(other(i)[0])})`)
      await moves(i)
    }
  })

  afterAll(async () => {
    for (const p of pages) await p.finish()
    for (const b of browsers) await b.close()
    await host.close()
    await server.stop()
    server.forget()
  })

  it('07 §5.1: same members, moving pictures and no callback after kill -9 and a restart', async () => {
    const members = await page(0).call<string>('CRVideo_GetAllMembers')
    for (const p of pages) await p.mark()
    await server.kill()
    const from = Date.now()
    server = await startServer(env, server.dataDir)
    const ready = Date.now()
    await page(0).call('CRVideo_GetMeetings', 'after')
    await page(0).next('CRVideo_GetMeetingsSuccess')
    const answered = Date.now()
    await Promise.all([moves(0), moves(1)])
    const moving = Date.now()
    console.log(
      `down ${ready - from} ms; after the restart: session back ${answered - ready} ms, pictures ${moving - ready} ms`,
    )
    for (const p of pages) {
      expect(await p.sinceMark(TELLING)).toEqual([])
      expect(await p.call<string>('CRVideo_GetAllMembers')).toBe(members)
    }
  })

  it('07 §5.1: what members do after the restart is told once to each', async () => {
    for (const p of pages) await p.mark()
    await page(0).call('CRVideo_CloseMic', 'green')
    for (const p of pages) await p.next('CRVideo_AudioStatusChanged', 'green', 3, 2)
    await page(1).call('CRVideo_OpenMic', 'green')
    await page(0).next('CRVideo_AudioStatusChanged', 'green', 4, 3)
    await page(1).next('CRVideo_AudioStatusChanged', 'green', 2, 3)
    expect((await page(1).sinceMark(TELLING)).map((s) => s.args)).toEqual([
      ['green', 3, 2],
      ['green', 2, 3],
    ])
    await eventually(async () => {
      const [tone] = await page(1).listen()
      expect(Math.abs((tone ?? 0) - GREEN.tone)).toBeLessThan(15)
    })
  })

  it('02 §6: who watches statuses goes on watching after another kill', async () => {
    await page(0).mark()
    await page(0).call('CRVideo_StartUserStatusNotify', 'watch')
    await page(0).next('CRVideo_StartUserStatusNotifyRslt', 0)
    await server.kill()
    server = await startServer(env, server.dataDir)
    await page(1).call('CRVideo_GetMeetings', 'back')
    await page(1).next('CRVideo_GetMeetingsSuccess')
    await page(0).call('CRVideo_GetMeetings', 'back')
    await page(0).next('CRVideo_GetMeetingsSuccess')
    await page(0).mark()
    await page(1).call('CRVideo_SetDNDStatus', 7)
    await eventually(async () => {
      const told = await page(0).sinceMark(['CRVideo_NotifyUserStatus'])
      expect(told.at(-1)?.args[0]).toMatchObject({ userID: 'blue', DNDType: 7, userStatus: 3 })
    })
  })

  it('07 §2: a meeting being created at the moment of the kill is made once, or fails', async () => {
    for (const p of pages) await p.mark()
    const calls = 5
    for (let n = 0; n < calls; n++) await page(0).call('CRVideo_CreateMeeting', 'crash', 0, `c${n}`)
    await server.kill()
    server = await startServer(env, server.dataDir)
    for (let n = 0; n < calls; n++)
      await eventually(async () => {
        const results = (await page(0).sinceMark()).filter((s) => s.args.includes(`c${n}`))
        expect(results).toHaveLength(1)
      }, 30_000)
    const made = (await page(0).sinceMark(['CRVideo_CreateMeetingSuccess'])).length
    await page(0).call('CRVideo_GetMeetings', 'count')
    const [list] = await page(0).next('CRVideo_GetMeetingsSuccess')
    const crashed = (list as { subject: string }[]).filter((m) => m.subject === 'crash')
    expect(crashed).toHaveLength(made)
  })
})
