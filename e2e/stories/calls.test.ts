import type { Browser } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { launchFace } from '../support/browser.ts'
import { ClassicPage } from '../support/classic.ts'
import { eventually } from '../support/eventually.ts'
import { RED } from '../support/media-files.ts'
import { hostPages } from '../support/page-host.ts'
import { type RunningServer, startServer } from '../support/server.ts'

interface MeetingObject {
  ID: number
  pswd: string
  subject: string
  pubMeetUrl: string
}

let run = 0

describe('03 §4–§7: calls and invites in the classic API', () => {
  let server: RunningServer
  let host: Awaited<ReturnType<typeof hostPages>>
  let browser: Browser
  const pages: ClassicPage[] = []
  /** A call that nobody answers; the other stories go on meanwhile. */
  let unanswered: { a: ClassicPage; b: ClassicPage; callID: string; since: number }

  /** Pages of users with IDs that no other story has. */
  const login = async (...names: string[]): Promise<ClassicPage[]> => {
    run += 1
    const opened: ClassicPage[] = []
    for (const name of names) opened.push(await loginAs(`${name}${run}`))
    return opened
  }
  const loginAs = async (userID: string) => {
    const page = await ClassicPage.open(browser, host.url, server.url)
    pages.push(page)
    await page.login(userID)
    await page.mark()
    return page
  }
  const id = (name: string) => `${name}${run}`
  const createMeeting = async (page: ClassicPage) => {
    await page.call('CRVideo_CreateMeeting', 'talk', 1)
    const [meeting] = await page.next('CRVideo_CreateMeetingSuccess')
    return meeting as MeetingObject
  }
  const ring = async (a: ClassicPage, b: ClassicPage, meeting: object = { ID: 0 }) => {
    const callID = await a.call<string>('CRVideo_Call', id('b'), meeting, '', 'c')
    await a.next('CRVideo_CallSuccess', callID)
    await b.next('CRVideo_NotifyCallIn', callID)
    return callID
  }
  const talk = async (a: ClassicPage, b: ClassicPage, meeting?: object) => {
    const callID = await ring(a, b, meeting)
    await b.call('CRVideo_AcceptCall', callID)
    await b.next('CRVideo_AcceptCallSuccess', callID)
    await a.next('CRVideo_NotifyCallAccepted', callID)
    return callID
  }
  const reload = async (page: ClassicPage) => {
    await page.page.reload()
    await page.mark()
  }
  /** Slots of calls and invites since the mark, with their arguments. */
  const slots = async (page: ClassicPage) =>
    (await page.sinceMark())
      .map((s) => [s.slot.replace('CRVideo_', ''), ...s.args])
      .filter(([slot]) => /Call|Invite/.test(String(slot)))

  beforeAll(async () => {
    server = await startServer()
    host = await hostPages(server.url)
    browser = await launchFace(RED)
    const [a, b] = (await login('a', 'b')) as [ClassicPage, ClassicPage]
    await a.page.evaluate(() => {
      const w = window as unknown as { hooks: Record<string, () => void>; over: number }
      w.hooks.CRVideo_NotifyCallRejected = () => {
        w.over = Date.now()
      }
    })
    const since = Date.now()
    unanswered = { a, b, callID: await ring(a, b), since }
    pages.length = 0
  })
  afterEach(async () => {
    for (const page of pages.splice(0)) await page.finish()
  })
  afterAll(async () => {
    for (const page of [unanswered?.a, unanswered?.b]) await page?.finish()
    await browser?.close()
    await host?.close()
    await server?.stop()
    server?.forget()
  })

  it('03 §8: call, accept and enter in one breath, talk, hang up', async () => {
    const [a, b] = (await login('a', 'b')) as [ClassicPage, ClassicPage]
    const m = await createMeeting(a)
    await a.mark()
    const callID = await a.call<string>(
      'CRVideo_Call',
      id('b'),
      { ...m, mine: [1, 2] },
      { topic: 'loan' },
      'call-cookie',
    )
    const [, meetObj, callerID, words] = await b.next('CRVideo_NotifyCallIn', callID)
    expect(meetObj).toEqual({ ...m, memberCount: 0, mine: [1, 2] })
    expect([callerID, words]).toEqual([id('a'), { topic: 'loan' }])
    await b.mark()
    await b.page.evaluate(
      ([call, meeting, user]) => {
        const w = window as unknown as Record<string, (...x: unknown[]) => void>
        w.CRVideo_AcceptCall!(call, meeting, 'yes', 'accept-cookie')
        w.CRVideo_EnterMeeting!(meeting.ID, meeting.pswd, user, 'n')
      },
      [callID, m, id('b')] as const,
    )
    await b.next('CRVideo_EnterMeetingRslt', 0)
    await b.next('CRVideo_AcceptCallSuccess', callID, 'accept-cookie')
    const accepted = await a.next('CRVideo_NotifyCallAccepted', callID)
    expect(accepted).toHaveLength(3)
    expect(accepted[1]).toMatchObject({ ID: m.ID, pswd: m.pswd, subject: 'talk' })
    expect(accepted[2]).toBe('yes')
    expect((await slots(a)).slice(0, 2).map((s) => s[0])).toEqual([
      'CallSuccess',
      'NotifyCallAccepted',
    ])
    await a.enter(m, id('a'))
    await b.next('CRVideo_UserEnterMeeting', id('a'))
    await b.mark()
    await a.call('CRVideo_HungupCall', callID, '{"bye":1}', 'end-cookie')
    expect(await a.next('CRVideo_HangupCallSuccess')).toEqual([callID, 'end-cookie'])
    expect(await b.next('CRVideo_NotifyCallHungup')).toEqual([callID, { bye: 1 }])
    await a.mark()
    await a.call('CRVideo_HungupCall', callID, '', 'again')
    expect(await a.next('CRVideo_HangupCallFail')).toEqual([callID, 600, 'again'])
    await b.call('CRVideo_HungupCall', callID)
    expect(await b.next('CRVideo_HangupCallFail')).toEqual([callID, 600, ''])
  })

  it('00 §3: a handler of NotifyCallAccepted that declares four parameters gets the caller too', async () => {
    const [a, b] = (await login('a', 'b')) as [ClassicPage, ClassicPage]
    await a.page.evaluate(() => {
      const w = window as unknown as {
        CRVideo_NotifyCallAccepted: { callback: unknown }
        four: unknown[]
      }
      w.CRVideo_NotifyCallAccepted.callback = (
        callID: unknown,
        meetObj: unknown,
        callerID: unknown,
        words: unknown,
      ) => {
        w.four = [callID, meetObj, callerID, words]
      }
    })
    const callID = await ring(a, b)
    await b.call('CRVideo_AcceptCall', callID, undefined, 'hi')
    await a.page.waitForFunction(() => 'four' in window)
    const four = await a.read<unknown[]>('four')
    expect([four[0], four[2], four[3]]).toEqual([callID, id('a'), 'hi'])
    expect(four[1]).toMatchObject({ ID: 0, pswd: '', subject: '', pubMeetUrl: '' })
  })

  it('03 §4.3: refused, cancelled, and refused by hanging up while it rings', async () => {
    const [a, b] = (await login('a', 'b')) as [ClassicPage, ClassicPage]
    const first = await ring(a, b)
    await b.call('CRVideo_RejectCall', first, 'later', 'r')
    expect(await b.next('CRVideo_RejectCallSuccess')).toEqual([first, 'r'])
    expect(await a.next('CRVideo_NotifyCallRejected')).toEqual([first, 606, 'later'])
    await b.call('CRVideo_RejectCall', first)
    expect(await b.next('CRVideo_RejectCallFail')).toEqual([first, 600, ''])
    await b.call('CRVideo_AcceptCall', first, { ID: 0 }, '', 'late')
    expect(await b.next('CRVideo_AcceptCallFail')).toEqual([first, 600, 'late'])
    await a.mark()
    await b.mark()
    const second = await ring(a, b)
    await a.call('CRVideo_HungupCall', second, 'never mind')
    await a.next('CRVideo_HangupCallSuccess', second)
    expect(await b.next('CRVideo_NotifyCallHungup')).toEqual([second, 'never mind'])
    await a.mark()
    const third = await ring(a, b)
    await b.call('CRVideo_HungupCall', third, 'no')
    await b.next('CRVideo_HangupCallSuccess', third)
    expect(await a.next('CRVideo_NotifyCallRejected')).toEqual([third, 606, 'no'])
  })

  it('03 §4.2: 5, 601, 602, 603, 605 and 800 come with the call ID and the cookie', async () => {
    const [a, b, c, gone] = (await login('a', 'b', 'c', 'gone')) as [
      ClassicPage,
      ClassicPage,
      ClassicPage,
      ClassicPage,
    ]
    await gone.call('CRVideo_Logout')
    await eventually(async () => {
      await a.mark()
      await a.call('CRVideo_GetUserStatus')
      const [online] = (await a.next('CRVideo_GetUserStatusSuccess')) as [{ userID: string }[]]
      expect(online.map(({ userID }) => userID)).not.toContain(id('gone'))
    })
    const fails = async (page: ClassicPage, code: number, ...args: unknown[]) => {
      await page.mark()
      const callID = await page.call<string>('CRVideo_Call', ...args)
      expect(await page.next('CRVideo_CallFail', callID)).toEqual([callID, code, args[3] ?? ''])
    }
    await fails(gone, 9, id('b'), 'not json')
    await fails(a, 5, id('a'), { ID: 0 })
    await fails(a, 5, '', { ID: 0 }, '', 'empty')
    await fails(a, 5, id('b'), 'not json')
    await fails(a, 5, id('b'), { ID: 0 }, 'x'.repeat(65_537))
    await fails(a, 800, id('b'), { ID: 10_000_000 })
    await fails(a, 605, 'nobody', { ID: 0 }, '', { a: 1 })
    await fails(a, 603, id('gone'), { ID: 0 })
    await a.mark()
    await ring(a, b)
    await fails(a, 601, id('c'), { ID: 0 })
    await fails(b, 601, id('c'), { ID: 0 })
    await fails(c, 602, id('b'), '{"ID":"0"}')
    await c.call('CRVideo_SetDNDStatus', 1)
    await c.next('CRVideo_SetDNDStatusSuccess')
    await a.call('CRVideo_Logout')
    await b.next('CRVideo_NotifyCallHungup')
    await fails(b, 602, id('c'), { ID: 0 })
  })

  it('02 §5: a reload in mid-call keeps the call, also when the page logs out while unloading', async () => {
    const [a, b] = (await login('a', 'b')) as [ClassicPage, ClassicPage]
    const callID = await talk(a, b)
    await a.mark()
    await b.page.evaluate(() => {
      const out = (window as unknown as { CRVideo_Logout(): void }).CRVideo_Logout
      window.addEventListener('beforeunload', () => out())
    })
    await reload(b)
    await b.login(id('b'))
    await new Promise((r) => setTimeout(r, 1000))
    expect(await slots(a)).toEqual([])
    await b.call('CRVideo_HungupCall', callID, 'back and gone')
    await b.next('CRVideo_HangupCallSuccess', callID)
    expect(await a.next('CRVideo_NotifyCallHungup')).toEqual([callID, 'back and gone'])
  })

  it('02 §3: a page that logs in while it rings is told again, right after its login', async () => {
    const [a, b] = (await login('a', 'b')) as [ClassicPage, ClassicPage]
    const callID = await ring(a, b)
    const fresh = await ClassicPage.open(browser, host.url, server.url)
    pages.push(fresh)
    await fresh.login(id('b'))
    await fresh.next('CRVideo_NotifyCallIn', callID)
    const both = ['CRVideo_LoginSuccess', 'CRVideo_NotifyCallIn']
    expect((await fresh.sinceMark(both)).map((s) => s.slot)).toEqual(both)
    await b.next('CRVideo_LineOff', 10)
    await fresh.call('CRVideo_AcceptCall', callID)
    await a.next('CRVideo_NotifyCallAccepted', callID)
  })

  it('02 §3, §5: reloading while it rings: 603 on the caller; over on the called side', async () => {
    const [a, b] = (await login('a', 'b')) as [ClassicPage, ClassicPage]
    const first = await ring(a, b)
    await reload(b)
    expect(await a.next('CRVideo_NotifyCallRejected')).toEqual([first, 603, ''])
    await b.login(id('b'))
    const second = await ring(a, b)
    await a.page.reload()
    expect(await b.next('CRVideo_NotifyCallHungup')).toEqual([second, ''])
  })

  it('03 §4.3: a logout ends a call; a meeting that ends takes the call with it', async () => {
    const [a, b] = (await login('a', 'b')) as [ClassicPage, ClassicPage]
    const m = await createMeeting(a)
    const first = await talk(a, b, m)
    await a.call('CRVideo_DestroyMeeting', m.ID)
    await a.next('CRVideo_NotifyCallHungup', first, '')
    await b.next('CRVideo_NotifyCallHungup', first, '')
    await a.mark()
    await b.mark()
    const second = await talk(a, b)
    await b.call('CRVideo_Logout')
    await a.next('CRVideo_NotifyCallHungup', second, '')
    expect(await b.sinceMark(['CRVideo_NotifyCallHungup'])).toEqual([])
  })

  it('03 §6: handing a conversation over with CallMoreParty; telephone numbers answer 605', async () => {
    const [a, b, c] = (await login('a', 'b', 'c')) as [ClassicPage, ClassicPage, ClassicPage]
    const m = await createMeeting(a)
    const callID = await talk(a, b, m)
    await b.enter(m, id('b'))
    await b.mark()
    const phone = await b.call<string>('CRVideo_CallMoreParty', '+8613800000000', m, '', 'tel')
    expect(await b.next('CRVideo_CallMorePartyRslt')).toEqual([phone, 605, 'tel'])
    await b.mark()
    const inviteID = await b.call<string>('CRVideo_CallMoreParty', id('c'), m, 'join us', 'more')
    const [, meetObj, callerID, words] = await c.next('CRVideo_NotifyCallIn', inviteID)
    expect(meetObj).toMatchObject({ ID: m.ID, memberCount: 1 })
    expect([callerID, words]).toEqual([id('b'), { clientInvite: 1, usrExtDat: 'join us' }])
    await c.call('CRVideo_AcceptCall', inviteID)
    await c.next('CRVideo_AcceptCallSuccess', inviteID)
    await b.next('CRVideo_NotifyCallMorePartyStatus', inviteID, 1)
    expect(await slots(b)).toEqual([
      ['CallMorePartyRslt', inviteID, 0, 'more'],
      ['NotifyCallMorePartyStatus', inviteID, 0],
      ['NotifyCallMorePartyStatus', inviteID, 1],
    ])
    await b.call('CRVideo_HungupCall', callID)
    await a.next('CRVideo_NotifyCallHungup', callID)
    await b.call('CRVideo_CancelCallMoreParty', inviteID, { why: 'done' }, 'x')
    expect(await b.next('CRVideo_CancelCallMorePartyRslt')).toEqual([inviteID, 0, 'x'])
    expect(await c.next('CRVideo_NotifyCallHungup')).toEqual([inviteID, { why: 'done' }])
    await b.mark()
    await b.call('CRVideo_CancelCallMoreParty', inviteID)
    expect(await b.next('CRVideo_CancelCallMorePartyRslt')).toEqual([inviteID, 600, ''])
  })

  it('03 §7: ClientInvite reports by its own slots: refused, hung up, cancelled, not permitted', async () => {
    const [a, b] = (await login('a', 'b')) as [ClassicPage, ClassicPage]
    const m = await createMeeting(a)
    await a.mark()
    const first = await a.call<string>('CRVideo_ClientInvite', id('b'), m, 'c')
    expect((await b.next('CRVideo_NotifyCallIn', first))[3]).toEqual({ clientInvite: 1 })
    await b.call('CRVideo_RejectCall', first, 'no')
    await a.next('CRVideo_NotifyInviteStatus', first, 2)
    const second = await a.call<string>('CRVideo_ClientInvite', id('b'), m)
    await b.next('CRVideo_NotifyCallIn', second)
    await b.call('CRVideo_AcceptCall', second)
    await b.next('CRVideo_AcceptCallSuccess', second)
    await b.call('CRVideo_HungupCall', second)
    await a.next('CRVideo_NotifyInviteStatus', second, 4)
    const third = await a.call<string>('CRVideo_ClientInvite', id('b'), m)
    await b.next('CRVideo_NotifyCallIn', third)
    await a.call('CRVideo_ClientCancelInvite', third, 'd')
    expect(await a.next('CRVideo_ClientCancelInviteRslt')).toEqual([third, 0, 'd'])
    await b.next('CRVideo_NotifyCallHungup', third)
    const names = (await slots(a)).map(([slot, inviteID, value]) => [slot, inviteID, value])
    expect(names).toEqual([
      ['ClientInviteRslt', first, 0],
      ['NotifyInviteStatus', first, 0],
      ['NotifyInviteStatus', first, 2],
      ['ClientInviteRslt', second, 0],
      ['NotifyInviteStatus', second, 0],
      ['NotifyInviteStatus', second, 1],
      ['NotifyInviteStatus', second, 4],
      ['ClientInviteRslt', third, 0],
      ['NotifyInviteStatus', third, 0],
      ['ClientCancelInviteRslt', third, 0],
    ])
    await b.mark()
    const refused = await b.call<string>('CRVideo_ClientInvite', id('a'), m)
    expect(await b.next('CRVideo_ClientInviteRslt')).toEqual([refused, 9, ''])
  })

  it('T_RING: after 30 s the caller gets 604 and the called user that it is over', async () => {
    const { a, b, callID, since } = unanswered
    const left = 30_000 - (Date.now() - since)
    if (left > 0) await new Promise((r) => setTimeout(r, left))
    expect(await a.next('CRVideo_NotifyCallRejected')).toEqual([callID, 604, ''])
    expect(await b.next('CRVideo_NotifyCallHungup')).toEqual([callID, ''])
    expect((await a.read<number>('over')) - since).toBeGreaterThan(28_000)
    expect(await slots(a)).toHaveLength(2)
  })
})
