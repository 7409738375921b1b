import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { launchFace } from '../support/browser.ts'
import { ClassicPage } from '../support/classic.ts'
import { eventually } from '../support/eventually.ts'
import { BLUE, type Face, GREEN, RED } from '../support/media-files.ts'
import { hostPages } from '../support/page-host.ts'
import { type RunningServer, startServer } from '../support/server.ts'

interface Meet {
  ID: number
  pswd: string
  pubMeetUrl: string
  subject: string
}

const PEOPLE: readonly [string, Face][] = [
  ['1001', RED],
  ['ann', GREEN],
  ['李雷', BLUE],
]
const near = (a: readonly number[], b: readonly number[]) =>
  a.every((x, i) => Math.abs(x - (b[i] as number)) < 45)

describe('three members through the classic API', () => {
  let server: RunningServer
  let host: Awaited<ReturnType<typeof hostPages>>
  const browsers: Browser[] = []
  const pages: ClassicPage[] = []
  let meeting: Meet
  const page = (i: number) => pages[i] as ClassicPage
  const others = (i: number) => PEOPLE.filter((_, n) => n !== i)

  beforeAll(async () => {
    server = await startServer()
    host = await hostPages(server.url)
    for (const [userID, face] of PEOPLE) {
      const browser = await launchFace(face)
      browsers.push(browser)
      const p = await ClassicPage.open(browser, host.url, server.url)
      await p.login(userID)
      pages.push(p)
    }
  })

  afterAll(async () => {
    for (const p of pages) await p.finish()
    for (const b of browsers) await b.close()
    await host.close()
    await server.stop()
    server.forget()
  })

  it('03 §2: a created meeting has eight digits, a six-digit password and a public link', async () => {
    await page(0).call('CRVideo_CreateMeeting', '第一次会议', 1, '{"n":1}')
    const [meet, cookie] = await page(0).next('CRVideo_CreateMeetingSuccess')
    meeting = meet as Meet
    expect(cookie).toEqual({ n: 1 })
    expect(String(meeting.ID)).toMatch(/^\d{8}$/)
    expect(meeting.pswd).toMatch(/^\d{6}$/)
    expect(meeting.pubMeetUrl).toMatch(/\/m\/[a-z]{6}$/)
    expect(meeting.subject).toBe('第一次会议')
  })

  it('07 §2.2: entering answers once, then the getters know the member and the boards are told', async () => {
    await page(0).enter(meeting, '1001')
    const events = (await page(0).sinceMark()).map((s) => s.slot)
    expect(events[0]).toBe('CRVideo_EnterMeetingRslt')
    await page(0).next('CRVideo_NotifyInitBoards', [])
    const members = JSON.parse(await page(0).call<string>('CRVideo_GetAllMembers')) as object[]
    expect(members).toEqual([
      {
        userID: '1001',
        nickName: 'Nick 1001',
        nickname: 'Nick 1001',
        audioStatus: 2,
        videoStatus: 2,
      },
    ])
    expect(await page(0).call('CRVideo_Getcurrentmainpage')).toBe(0)
    expect(await page(0).call('CRVideo_GetVideoWallMode')).toBe(2)
  })

  it('07 §2: others hear of an entrant, the entrant of nobody', async () => {
    await page(0).mark()
    await page(1).enter(meeting, 'ann')
    await page(0).next('CRVideo_UserEnterMeeting', 'ann')
    expect(await page(1).sinceMark(['CRVideo_UserEnterMeeting'])).toEqual([])
    expect(await page(0).call('CRVideo_IsUserInMeeting', 'ann')).toBe(true)
  })

  it('08 §2: opening goes 2 → 4 → 3 on me and 2 → 3 on others, for microphone and camera', async () => {
    await page(0).mark()
    await page(1).mark()
    await page(0).call('CRVideo_OpenMic', '1001')
    expect(await page(0).call('CRVideo_GetAudioStatus', '1001')).toBe(4)
    await page(0).call('CRVideo_OpenVideo', '1001')
    await page(0).next('CRVideo_AudioStatusChanged', '1001', 4, 3)
    await page(0).next('CRVideo_VideoStatusChanged', '1001', 4, 3)
    await page(1).next('CRVideo_AudioStatusChanged', '1001', 2, 3)
    await page(1).next('CRVideo_VideoStatusChanged', '1001', 2, 3)
    expect((await page(0).sinceMark(['CRVideo_AudioStatusChanged'])).map((s) => s.args)).toEqual([
      ['1001', 2, 4],
      ['1001', 4, 3],
    ])
    expect((await page(1).sinceMark(['CRVideo_AudioStatusChanged'])).map((s) => s.args)).toEqual([
      ['1001', 2, 3],
    ])
    expect(JSON.parse(await page(1).call<string>('CRVideo_GetWatchableVideos'))).toEqual([
      { userID: '1001', videoID: 1 },
    ])
  })

  it('07 §1.5: a late joiner finds the open devices and everybody opens theirs', async () => {
    await page(2).enter(meeting, '李雷')
    expect(await page(2).call('CRVideo_GetAudioStatus', '1001')).toBe(3)
    expect(await page(2).call('CRVideo_GetVideoStatus', '1001')).toBe(3)
    for (const i of [1, 2]) {
      const me = (PEOPLE[i] as [string, Face])[0]
      await page(i).call('CRVideo_OpenMic', me)
      await page(i).call('CRVideo_OpenVideo', me)
      await page(i).next('CRVideo_AudioStatusChanged', me, 4, 3)
      await page(i).next('CRVideo_VideoStatusChanged', me, 4, 3)
    }
  })

  it('13 §3: every member sees two moving pictures, each the right person’s', async () => {
    for (const [i] of PEOPLE.entries())
      for (const [userID] of others(i)) await page(i).read(`show(${JSON.stringify(userID)})`)
    for (const [i] of PEOPLE.entries())
      for (const [userID, face] of others(i)) {
        const first = await eventually(async () => {
          const picture = await page(i).look(userID)
          expect(picture, `${i} sees ${userID}`).not.toBeNull()
          if (!picture || !near(picture.rgb, face.rgb))
            throw new Error(`${i} sees ${userID} in ${picture?.rgb}, not ${face.rgb}`)
          return picture
        })
        await eventually(async () =>
          expect((await page(i).look(userID))?.print).not.toBe(first.print),
        )
      }
  })

  it('08 §2.3: every member hears the two others and not itself', async () => {
    for (const [i] of PEOPLE.entries())
      await eventually(async () => {
        const tones = await page(i).listen()
        const wanted = others(i)
          .map(([, face]) => face.tone)
          .sort((a, b) => a - b)
        expect(tones.length).toBe(2)
        for (const [n, tone] of tones.entries())
          expect(Math.abs(tone - (wanted[n] as number))).toBeLessThan(15)
      })
  })

  it('08 §5: the energy of the others and of me is above silence', async () => {
    for (const [i] of PEOPLE.entries())
      for (const [userID] of PEOPLE)
        await eventually(async () =>
          expect(await page(i).call<number>('CRVideo_GetMicEnergy', userID)).toBeGreaterThan(0),
        )
    await page(0).next('CRVideo_MicEnergyUpdate', 'ann')
  })

  it('07 §6: the network level arrives once after entry, and loopback is a good network', async () => {
    for (const p of pages)
      await eventually(async () => {
        // It comes a moment after the entry, before or after the marks of other tests.
        const told = (await p.seen()).find(({ slot }) => slot === 'CRVideo_NetStateChanged')
        expect(told?.args[0]).toBeGreaterThanOrEqual(6)
      })
  })

  it('08 §2.1: closing and opening another member’s devices', async () => {
    for (const p of pages) await p.mark()
    await page(0).call('CRVideo_CloseVideo', 'ann')
    for (const p of pages) await p.next('CRVideo_VideoStatusChanged', 'ann', 3, 2)
    await eventually(async () => expect(await page(0).read('views.ann.isPicEmpty()')).toBe(true))
    await page(0).call('CRVideo_CloseMic', 'ann')
    for (const p of pages) await p.next('CRVideo_AudioStatusChanged', 'ann', 3, 2)
    await page(2).call('CRVideo_OpenVideo', 'ann')
    await page(2).call('CRVideo_OpenMic', 'ann')
    await page(1).next('CRVideo_VideoStatusChanged', 'ann', 4, 3)
    for (const i of [0, 2]) {
      await page(i).next('CRVideo_VideoStatusChanged', 'ann', 2, 3)
      await page(i).next('CRVideo_AudioStatusChanged', 'ann', 2, 3)
    }
    await eventually(async () => {
      const picture = await page(0).look('ann')
      expect(picture && near(picture.rgb, GREEN.rgb)).toBe(true)
    })
  })

  it('08 §2.1: the opened side refuses, asks by a bar, or lets its page decide', async () => {
    const [asker, asked] = [page(0), page(1)]
    const opened = async (by: () => Promise<unknown>) => {
      for (const p of [asker, asked]) await p.mark()
      await asked.call('CRVideo_CloseVideo', 'ann')
      await asker.next('CRVideo_VideoStatusChanged', 'ann', 3, 2)
      await asker.call('CRVideo_OpenVideo', 'ann')
      await by()
      await asker.next('CRVideo_VideoStatusChanged', 'ann', 2, 3)
    }
    const bar = asked.page.locator('[role="alertdialog"]')
    await asked.read(`CRVideo.remoteOpenPolicy = 'ask'`)
    await asked.read(`document.documentElement.lang = 'zh-CN'`)
    await opened(async () => {
      await bar.getByText('1001 请求打开您的摄像头').waitFor()
      await bar.getByText('允许').click()
    })
    await asked.read(`document.documentElement.lang = 'en'`)
    // It was closed once before since the last mark.
    await asker.mark()
    await asked.call('CRVideo_CloseVideo', 'ann')
    await asker.next('CRVideo_VideoStatusChanged', 'ann', 3, 2)
    await asker.mark()
    await asker.call('CRVideo_OpenVideo', 'ann')
    expect(await bar.textContent()).toContain('1001')
    await bar.getByText('Refuse').click()
    await asked.read(`CRVideo.remoteOpenPolicy = 'deny'`)
    await asker.call('CRVideo_OpenVideo', 'ann')
    await asker.call('CRVideo_CloseMic', 'ann')
    // What was asked before has arrived with this.
    await asked.next('CRVideo_AudioStatusChanged', 'ann', 3, 2)
    await asked.read(`window.asks = [], CRVideo.onRemoteOpenRequest = async (...args) => {
      asks.push(args)
      return args[0] === 'mic'
    }, 0`)
    await asker.call('CRVideo_OpenVideo', 'ann')
    await asker.call('CRVideo_OpenMic', 'ann')
    await asker.next('CRVideo_AudioStatusChanged', 'ann', 2, 3)
    expect(await asked.read('asks')).toEqual([
      ['camera', '1001'],
      ['mic', '1001'],
    ])
    expect(await asker.sinceMark(['CRVideo_VideoStatusChanged'])).toEqual([])
    await asked.read(`CRVideo.onRemoteOpenRequest = null, CRVideo.remoteOpenPolicy = 'auto', 0`)
    await asked.call('CRVideo_OpenVideo', 'ann')
    await asker.next('CRVideo_VideoStatusChanged', 'ann', 2, 3)
  })

  it('08 §3: closing all microphones tells of each one, in member order', async () => {
    for (const p of pages) await p.mark()
    await page(1).call('CRVideo_SetAllAudioClose')
    for (const p of pages) await p.next('CRVideo_AudioStatusChanged', '李雷', 3, 2)
    const order = (await page(0).sinceMark(['CRVideo_AudioStatusChanged'])).map((s) => s.args)
    expect(order).toEqual(PEOPLE.map(([userID]) => [userID, 3, 2]))
  })

  it('07 §3: leaving is told, re-entering too, and the picture comes back', async () => {
    await page(1).mark()
    await page(0).mark()
    await page(0).call('CRVideo_ExitMeeting')
    expect(await page(0).call('CRVideo_GetAllMembers')).toBe('[]')
    await page(1).next('CRVideo_UserLeftMeeting', '1001')
    expect(await page(1).call('CRVideo_IsUserInMeeting', '1001')).toBe(false)
    expect(await page(1).call('CRVideo_GetMemberNickName', '1001')).toBe('Nick 1001')
    await page(1).mark()
    await page(0).enter(meeting, '1001')
    await page(1).next('CRVideo_UserEnterMeeting', '1001')
    await eventually(async () => {
      const picture = await page(0).look('李雷')
      expect(picture && near(picture.rgb, BLUE.rgb)).toBe(true)
    })
    await page(0).call('CRVideo_OpenVideo', '1001')
    await eventually(async () => {
      const picture = await page(1).look('1001')
      expect(picture && near(picture.rgb, RED.rgb)).toBe(true)
    })
  })

  it('03 §2: ending the meeting answers twice on the caller and stops the others', async () => {
    for (const p of pages) await p.mark()
    await page(0).call('CRVideo_DestroyMeeting', String(meeting.ID), 'bye')
    expect(await page(0).next('CRVideo_DestroyMeetingRslt')).toEqual([0, 'bye'])
    expect(await page(0).next('CRVideo_StopMeetingRslt')).toEqual([0])
    for (const i of [1, 2]) await page(i).next('CRVideo_MeetingStopped')
    expect(await page(0).sinceMark(['CRVideo_MeetingStopped'])).toEqual([])
    for (const p of pages) expect(p.errors).toEqual([])
  })
})
