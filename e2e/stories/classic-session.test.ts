import { createServer } from 'node:http'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { launchFace } from '../support/browser.ts'
import { ClassicPage } from '../support/classic.ts'
import { RED } from '../support/media-files.ts'
import { hostPages } from '../support/page-host.ts'
import { ACCOUNT, PASSWORD, type RunningServer, startServer } from '../support/server.ts'

describe('login, its failures and its end through the classic API', () => {
  let server: RunningServer
  let host: Awaited<ReturnType<typeof hostPages>>
  let browser: Browser
  const pages: ClassicPage[] = []
  const open = async () => {
    const p = await ClassicPage.open(browser, host.url, server.url)
    pages.push(p)
    return p
  }
  const init = async (p: ClassicPage, address = p.server) => {
    await p.call('CRVideo_Init', 'CLOUDROOM', '/w')
    await p.call('CRVideo_SetServerAddr', address)
  }

  beforeAll(async () => {
    server = await startServer()
    host = await hostPages(server.url)
    browser = await launchFace(RED)
  })

  afterAll(async () => {
    for (const p of pages) await p.finish()
    await browser.close()
    await host.close()
    await server.stop()
    server.forget()
  })

  it('00 §2: the surface is complete at once and nothing leaks into prototypes', async () => {
    const p = await open()
    expect(await p.call('CRVideo_PluginVersion')).toMatch(/^3\.\d+\.\d+/)
    expect(await p.call('CRVideo_SdkPath')).toBe('/CloudroomVideoSDK')
    expect(await p.call('CRVideo_GetServerAddr')).toBe('')
    expect(
      await p.read('(() => { const k = []; for (const i in []) k.push(i); return k })()'),
    ).toEqual([])
  })

  it('02 §3: not initialised 9, empty account 5, wrong password 7, and then success', async () => {
    const p = await open()
    await p.call('CRVideo_Login', ACCOUNT, PASSWORD, 'n', 'u1', '', 'a')
    expect(await p.next('CRVideo_LoginFail')).toEqual([9, 'a'])
    await init(p)
    await p.mark()
    await p.call('CRVideo_Login', '', PASSWORD, 'n', 'u1', '', 'b')
    expect(await p.next('CRVideo_LoginFail')).toEqual([5, 'b'])
    await p.mark()
    await p.call('CRVideo_Login', ACCOUNT, 'wrong', 'n', 'u1', '', 'c')
    expect(await p.next('CRVideo_LoginFail')).toEqual([7, 'c'])
    await p.mark()
    await p.call('CRVideo_Login', 'nobody', PASSWORD, 'n', 'u1')
    expect(await p.next('CRVideo_LoginFail')).toEqual([7, ''])
    await p.mark()
    await p.call('CRVideo_Login', ACCOUNT, PASSWORD, 'n', 'u1', 'code', 'd')
    expect(await p.next('CRVideo_LoginFail')).toEqual([15, 'd'])
    await p.mark()
    await p.call('CRVideo_Login', ACCOUNT, PASSWORD, 'n', '', '', { any: 'value' })
    const [userID, cookie] = await p.next('CRVideo_LoginSuccess')
    expect(userID).toMatch(/^[0-9a-f-]{36}$/)
    expect(cookie).toEqual({ any: 'value' })
    await p.mark()
    await p.call('CRVideo_Login', ACCOUNT, PASSWORD, 'n', 'u1', '', 'e')
    expect(await p.next('CRVideo_LoginFail')).toEqual([9, 'e'])
  })

  it('02 §2: each address is tried in turn; none that works gives 203', async () => {
    const p = await open()
    await init(p, `127.0.0.1:1;localhost:2;${p.server};`)
    await p.call('CRVideo_Login', ACCOUNT, PASSWORD, 'n', 'u2')
    await p.next('CRVideo_LoginSuccess')
    const q = await open()
    await init(q, '127.0.0.1:1;')
    await q.call('CRVideo_Login', ACCOUNT, PASSWORD, 'n', 'u3')
    expect(await q.next('CRVideo_LoginFail')).toEqual([203, ''])
  })

  it('02 §3: a second login of the same user throws the first off with 10', async () => {
    const first = await open()
    await first.login('twice')
    await first.call('CRVideo_CreateMeeting', 'kick', 0)
    const [meeting] = await first.next('CRVideo_CreateMeetingSuccess')
    await first.enter(meeting as { ID: number; pswd: string }, 'twice')
    await first.mark()
    const second = await open()
    await second.login('twice')
    expect(await first.next('CRVideo_LineOff')).toEqual([10])
    expect(
      (await first.sinceMark(['CRVideo_MeetingDropped', 'CRVideo_LineOff'])).map((s) => s.slot),
    ).toEqual(['CRVideo_MeetingDropped', 'CRVideo_LineOff'])
    await first.mark()
    await first.call('CRVideo_CreateMeeting', 'x', 0, 'k')
    expect(await first.next('CRVideo_CreateMeetingFail')).toEqual([9, 'k'])
  })

  it('03 §2, 07 §2: no login 9 before anything else, wrong password 801, unknown number 800, bad number 5, ended meeting 800', async () => {
    const p = await open()
    await init(p)
    await p.call('CRVideo_CreateMeeting', 'x'.repeat(51), 'many', 'early')
    expect(await p.next('CRVideo_CreateMeetingFail')).toEqual([9, 'early'])
    await p.call('CRVideo_DestroyMeeting', 'abc', 'early')
    expect(await p.next('CRVideo_DestroyMeetingRslt')).toEqual([9, 'early'])
    await p.login('errors')
    await p.mark()
    await p.call('CRVideo_CreateMeeting', 'x'.repeat(51), 0, 'long')
    expect(await p.next('CRVideo_CreateMeetingFail')).toEqual([5, 'long'])
    await p.call('CRVideo_CreateMeeting', 'protected', 1)
    const [created] = await p.next('CRVideo_CreateMeetingSuccess')
    const meeting = created as { ID: number; pswd: string }
    const enter = async (id: unknown, password: string, code: number) => {
      await p.mark()
      await p.call('CRVideo_EnterMeeting', id, password, 'errors', 'n')
      expect((await p.next('CRVideo_EnterMeetingRslt'))[0]).toBe(code)
    }
    await enter(meeting.ID, 'wrong', 801)
    await enter(99_999_999, '', 800)
    await enter('abc', '', 5)
    await enter(String(meeting.ID), meeting.pswd, 0)
    await p.mark()
    await p.call('CRVideo_GetMeetings', 'list')
    const [list, cookie] = await p.next('CRVideo_GetMeetingsSuccess')
    expect(cookie).toBe('list')
    expect(
      (list as { ID: number; memberCount: number }[]).find((m) => m.ID === meeting.ID)?.memberCount,
    ).toBe(1)
    await p.mark()
    await p.call('CRVideo_DestroyMeeting', meeting.ID)
    await p.next('CRVideo_DestroyMeetingRslt', 0)
    await enter(meeting.ID, meeting.pswd, 800)
    await p.mark()
    await p.call('CRVideo_DestroyMeeting', meeting.ID)
    await p.next('CRVideo_DestroyMeetingRslt', 800)
  })

  it('02 §3: logging out and uninit are silent and harmless in any order', async () => {
    const p = await open()
    for (const f of [
      'CRVideo_Logout',
      'CRVideo_Uninit',
      'CRVideo_ExitMeeting',
      'CRVideo_StopPlayMedia',
      'CRVideo_StopQueuing',
      'CRVideo_SetRecordVideos',
    ])
      await p.call(f)
    await p.login('quiet')
    await p.call('CRVideo_Uninit')
    await p.call('CRVideo_Logout')
    await p.mark()
    await p.call('CRVideo_GetMeetings', 'x')
    await new Promise((r) => setTimeout(r, 300))
    expect(await p.sinceMark()).toEqual([{ slot: 'CRVideo_GetMeetingsFail', args: [9, 'x'] }])
    await p.login('quiet')
  })

  it('02 §3: the third-party user check accepts, refuses with 17 and is missed with 14 and 16', async () => {
    let reply: { status: number; body: string } = { status: 200, body: '{"code":0}' }
    const asked: unknown[] = []
    const checker = createServer((req, res) => {
      let body = ''
      req.on('data', (d) => {
        body += d
      })
      req.on('end', () => {
        asked.push(JSON.parse(body))
        res.writeHead(reply.status, { 'content-type': 'application/json' }).end(reply.body)
      })
    })
    await new Promise<void>((r) => checker.listen(0, '127.0.0.1', r))
    const { port } = checker.address() as { port: number }
    const checked = await startServer({ APP_AUTH_URL: `http://127.0.0.1:${port}/check` })
    const p = await ClassicPage.open(browser, host.url, checked.url)
    const login = (code: unknown) =>
      p.call('CRVideo_Login', ACCOUNT, PASSWORD, 'n', 'checked', code)
    await init(p)
    await login('')
    await p.next('CRVideo_LoginFail', 14)
    reply = { status: 200, body: '{"code":42,"desc":"not today"}' }
    await login('secret')
    await p.next('CRVideo_LoginFail', 17)
    expect(await p.call('CRVideo_GetUserAuthErrCode')).toBe(42)
    expect(await p.call('CRVideo_GetUserAuthErrDesc')).toBe('not today')
    reply = { status: 500, body: '' }
    await login('secret')
    await p.next('CRVideo_LoginFail', 16)
    reply = { status: 200, body: '{"code":0}' }
    await login({ key: 'value' })
    await p.next('CRVideo_LoginSuccess', 'checked')
    expect(asked.at(-1)).toMatchObject({
      authAcnt: ACCOUNT,
      userID: 'checked',
      nickName: 'n',
      userAuthCode: '{"key":"value"}',
    })
    await p.finish()
    await checked.stop()
    checked.forget()
    checker.close()
  })

  it('02 §3: a server that shuts down ends the session with 206', async () => {
    const closing = await startServer()
    const p = await ClassicPage.open(browser, host.url, closing.url)
    await p.login('last')
    const { code, ms } = await closing.stop()
    expect(await p.next('CRVideo_LineOff')).toEqual([206])
    expect(code).toBe(0)
    expect(ms).toBeLessThan(5000)
    await p.finish()
    closing.forget()
  })

  it('07 §6: a server that is gone is a level of 1 at most, while the page still waits for it', async () => {
    const gone = await startServer()
    const p = await ClassicPage.open(browser, host.url, gone.url)
    await p.login('alone')
    await p.call('CRVideo_CreateMeeting', 'alone', 0)
    const [meeting] = await p.next('CRVideo_CreateMeetingSuccess')
    await p.enter(meeting as { ID: number; pswd: string }, 'alone')
    expect(await p.next('CRVideo_NetStateChanged')).toEqual([10])
    await p.mark()
    await gone.kill()
    const [level] = await p.next('CRVideo_NetStateChanged')
    expect(level).toBeLessThanOrEqual(1)
    expect(await p.call('CRVideo_IsUserInMeeting', 'alone')).toBe(true)
    expect(await p.sinceMark(['CRVideo_MeetingDropped', 'CRVideo_LineOff'])).toEqual([])
    await p.finish()
    gone.forget()
  })

  it('02 §4, 07 §5.3: a handler of LineOff logs in again, and one that throws stops nothing', async () => {
    const first = await open()
    await first.login('again')
    await first.read(`hooks.CRVideo_LineOff = () => {
      CRVideo_Login('${ACCOUNT}', '${PASSWORD}', 'n', 'again2', '', [1, { two: 2 }])
      throw new Error('a page of its time')
    }`)
    await first.mark()
    const second = await open()
    await second.login('again')
    await first.next('CRVideo_LineOff', 10)
    expect(await first.next('CRVideo_LoginSuccess')).toEqual(['again2', [1, { two: 2 }]])
    expect(first.errors.join()).toContain('a page of its time')
  })

  it('02 §2: Uninit from inside a handler silences the rest, Init follows, handlers survive', async () => {
    const p = await open()
    await p.login('cycle')
    await p.read(`hooks.CRVideo_GetMeetingsSuccess = (list, cookie) => {
      if (cookie !== 'first') return
      CRVideo_Uninit()
      window.again = CRVideo_Init2('/again')
      window.path = CRVideo_SdkPath()
    }`)
    await p.mark()
    await p.read(`for (const c of ['first', 'second', 'third']) CRVideo_GetMeetings(c)`)
    await p.next('CRVideo_GetMeetingsSuccess')
    expect(await p.read('[again, path]')).toEqual([0, '/again'])
    await new Promise((r) => setTimeout(r, 300))
    const answers = ['CRVideo_GetMeetingsSuccess', 'CRVideo_GetMeetingsFail']
    expect((await p.sinceMark(answers)).map(({ args }) => args[1])).toEqual(['first'])
    await p.call('CRVideo_Login', ACCOUNT, PASSWORD, 'n', 'cycle')
    await p.next('CRVideo_LoginSuccess', 'cycle')
  })
})
