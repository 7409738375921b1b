import { createHash } from 'node:crypto'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { launchFace } from '../support/browser.ts'
import { ClassicPage } from '../support/classic.ts'
import { eventually } from '../support/eventually.ts'
import { RED } from '../support/media-files.ts'
import { hostPages } from '../support/page-host.ts'
import { ACCOUNT, type RunningServer, startServer } from '../support/server.ts'

interface Info {
  queID: number
  name: string
  desc: string
  prio: number
}

const ADMIN = 'a token for the stories'
const OWN = ['CRVideo_StartQueuingRslt', 'CRVideo_QueuingInfoChanged', 'CRVideo_StopQueuingRslt']

describe('05: service queues through the classic API', () => {
  let server: RunningServer
  let host: Awaited<ReturnType<typeof hostPages>>
  let browser: Browser
  let pages: ClassicPage[] = []

  const open = async (userID: string) => {
    const p = await ClassicPage.open(browser, host.url, server.url)
    pages.push(p)
    await p.login(userID)
    await p.call('CRVideo_InitQueueDat', 'init')
    expect(await p.next('CRVideo_InitQueueDatRslt')).toEqual([0, 'init'])
    return p
  }
  const queues = (p: ClassicPage) => p.call<Info[]>('CRVideo_GetAllQueueInfo')
  /** Another story's people must not be offered to this one. */
  const over = async () => {
    for (const p of pages) await p.finish()
    pages = []
  }

  beforeAll(async () => {
    server = await startServer({ ADMIN_TOKEN: ADMIN, RESUME_SECONDS: '5' })
    host = await hostPages(server.url)
    browser = await launchFace(RED)
  })
  afterAll(async () => {
    await over()
    await browser.close()
    await host.close()
    await server.stop()
    server.forget()
  })

  it('05 §3, §9: a fresh server has two queues; getters have their shape before and after init', async () => {
    const p = await ClassicPage.open(browser, host.url, server.url)
    pages.push(p)
    await p.call('CRVideo_InitQueueDat', 'early')
    expect(await p.next('CRVideo_InitQueueDatRslt')).toEqual([9, 'early'])
    expect(await queues(p)).toEqual([])
    await p.login('shape')
    await p.mark()
    await p.call('CRVideo_InitQueueDat')
    expect(await p.next('CRVideo_InitQueueDatRslt')).toEqual([0, ''])
    const [one, two] = await queues(p)
    expect([one?.prio, two?.prio]).toEqual([1, 2])
    expect(await p.call('CRVideo_GetQueueStatus', String(one?.queID))).toEqual({
      queID: one?.queID,
      agent_num: 0,
      wait_num: 0,
      srv_num: 0,
    })
    expect(await p.call('CRVideo_GetQueueStatus', 'x')).toMatchObject({ queID: 0, wait_num: 0 })
    expect(await p.call('CRVideo_GetQueuingInfo')).toEqual({
      queID: -1,
      position: 0,
      queuingTime: 0,
    })
    expect(await p.call('CRVideo_GetServingQueues')).toEqual([])
    expect(await p.call('CRVideo_GetSessionInfo')).toEqual({
      callID: '',
      peerID: '',
      peerName: '',
      bCallAccepted: 0,
      meetingID: 0,
      meetingPswd: '',
      duration: 0,
    })
    await p.mark()
    await p.call('CRVideo_RefreshAllQueueStatus')
    for (const q of [one, two])
      await p.next('CRVideo_QueueStatusChanged', {
        queID: q?.queID,
        agent_num: 0,
        wait_num: 0,
        srv_num: 0,
      })
    await over()
  })

  it('05 §4: waiting, moving up and leaving; the result comes first, then the own place', async () => {
    const [c, d] = [await open('c'), await open('d')]
    const [first] = await queues(c)
    const queID = first?.queID
    await c.call('CRVideo_StartQueuing', queID, 'wait')
    await c.next('CRVideo_QueuingInfoChanged', { queID, position: 0, queuingTime: 0 })
    expect(await c.sinceMark(OWN)).toEqual([
      { slot: 'CRVideo_StartQueuingRslt', args: [0, 'wait'] },
      { slot: 'CRVideo_QueuingInfoChanged', args: [{ queID, position: 0, queuingTime: 0 }] },
    ])
    await d.call('CRVideo_StartQueuing2', queID, '{"car":"red"}', 'two')
    await d.next('CRVideo_QueuingInfoChanged', { queID, position: 1, queuingTime: 0 })
    await c.next('CRVideo_QueueStatusChanged', { queID, agent_num: 0, wait_num: 2, srv_num: 0 })
    await d.mark()
    await c.mark()
    await c.call('CRVideo_StopQueuing', 'stop')
    await c.next('CRVideo_QueuingInfoChanged', { queID: -1, position: 0, queuingTime: 0 })
    expect((await c.sinceMark(OWN)).map((s) => s.slot)).toEqual([
      'CRVideo_StopQueuingRslt',
      'CRVideo_QueuingInfoChanged',
    ])
    await d.next('CRVideo_QueuingInfoChanged')
    expect(await d.call('CRVideo_GetQueuingInfo')).toMatchObject({ queID, position: 0 })
    await d.mark()
    await d.call('CRVideo_StartQueuing', 999_999, 'no')
    expect(await d.next('CRVideo_StartQueuingRslt')).toEqual([400, 'no'])
    await d.mark()
    await d.call('CRVideo_StartQueuing', 'nonsense', 'no')
    expect(await d.next('CRVideo_StartQueuingRslt')).toEqual([5, 'no'])
    await over()
  })

  it('05 §5: serving, automatic offers, declining, accepting, and what is taken back', async () => {
    const [a, c, d] = [await open('a'), await open('c'), await open('d')]
    const [first, second] = await queues(a)
    const queID = first?.queID as number
    await c.call('CRVideo_StartQueuing2', queID, '{"car":"red"}')
    await c.next('CRVideo_QueuingInfoChanged')
    await a.mark()
    await a.call('CRVideo_StartService', String(queID), 'serve')
    const [user] = await a.next('CRVideo_AutoAssignUser')
    expect(user).toMatchObject({
      queID,
      usrID: 'c',
      userID: 'c',
      name: 'Nick c',
      param: { car: 'red' },
      usrExtDat: { car: 'red' },
    })
    expect((await a.sinceMark())[0]).toEqual({
      slot: 'CRVideo_StartServiceRslt',
      args: [queID, 0, 'serve'],
    })
    expect(await a.call('CRVideo_GetServingQueues')).toEqual([String(queID)])
    expect(await a.call('CRVideo_GetQueueStatus', queID)).toMatchObject({ agent_num: 1 })

    await d.call('CRVideo_StartQueuing', queID)
    await d.next('CRVideo_QueuingInfoChanged')
    await c.mark()
    await a.mark()
    await a.call('CRVideo_RejectAssignUser', queID, 'c', 'no')
    expect(await a.next('CRVideo_ResponseAssignUserRslt')).toEqual([0, 'no'])
    await a.next('CRVideo_AutoAssignUser')
    expect((await a.sinceMark(['CRVideo_AutoAssignUser']))[0]?.args[0]).toMatchObject({
      userID: 'd',
    })
    expect(await c.sinceMark(OWN)).toEqual([])
    await a.mark()
    await d.call('CRVideo_StopQueuing')
    expect(await a.next('CRVideo_CancelAssignUser')).toEqual([queID, 'd'])

    // Asking gets the one that was declined a moment ago.
    await a.mark()
    await a.call('CRVideo_ReqAssignUser', 'ask')
    const [code, asked, cookie] = await a.next('CRVideo_ReqAssignUserRslt')
    expect([code, cookie]).toEqual([0, 'ask'])
    expect(asked).toMatchObject({ userID: 'c', queID })
    await a.mark()
    await a.call('CRVideo_ReqAssignUser', 'again')
    expect(await a.next('CRVideo_ReqAssignUserRslt')).toEqual([
      601,
      { queID: -1, usrID: '', userID: '', name: '', queuingTime: 0, param: '', usrExtDat: '' },
      'again',
    ])
    await a.mark()
    await a.call('CRVideo_AcceptAssignUser', second?.queID, 'c', 'wrong')
    expect(await a.next('CRVideo_ResponseAssignUserRslt')).toEqual([400, 'wrong'])
    await a.mark()
    await a.call('CRVideo_AcceptAssignUser', queID, 'nobody', 'wrong')
    expect(await a.next('CRVideo_ResponseAssignUserRslt')).toEqual([402, 'wrong'])
    await c.mark()
    await a.mark()
    await a.call('CRVideo_AcceptAssignUser', String(queID), 'c', 'yes')
    expect(await a.next('CRVideo_ResponseAssignUserRslt')).toEqual([0, 'yes'])
    const [place] = await c.next('CRVideo_QueuingInfoChanged')
    expect(place).toMatchObject({ queID: -2, position: 0 })
    await a.next('CRVideo_QueueStatusChanged', { queID, agent_num: 1, wait_num: 0, srv_num: 1 })

    await a.mark()
    await c.call('CRVideo_StopQueuing')
    expect(await a.next('CRVideo_CancelAssignUser')).toEqual([queID, 'c'])
    await a.call('CRVideo_StopService', queID, 'end')
    expect(await a.next('CRVideo_StopServiceRslt')).toEqual([queID, 0, 'end'])
    await a.mark()
    await a.call('CRVideo_StopService', queID, 'end')
    expect(await a.next('CRVideo_StopServiceRslt')).toEqual([queID, 403, 'end'])
    await a.mark()
    await a.call('CRVideo_ReqAssignUser')
    await a.next('CRVideo_ReqAssignUserRslt', 403)
    await over()
  })

  it('05 §8: after a reload the agent gets its queues back with InitQueueDat, the customer lost its place', async () => {
    const a = await open('a')
    const [, second] = await queues(a)
    const queID = second?.queID
    await a.call('CRVideo_StartService', queID)
    await a.next('CRVideo_StartServiceRslt', queID, 0)
    const c = await open('c')
    const e = await open('e')
    await a.reload()
    await e.mark()
    await c.call('CRVideo_StartQueuing', queID)
    await c.next('CRVideo_StartQueuingRslt', 0)
    await c.next('CRVideo_QueueStatusChanged', { queID, agent_num: 0, wait_num: 1, srv_num: 0 })
    await a.mark()
    await a.login('a')
    expect(await a.call('CRVideo_GetServingQueues')).toEqual([])
    await a.call('CRVideo_InitQueueDat')
    await a.next('CRVideo_InitQueueDatRslt', 0)
    expect(await a.call('CRVideo_GetServingQueues')).toEqual([String(queID)])
    const [user] = await a.next('CRVideo_AutoAssignUser')
    expect(user).toMatchObject({ userID: 'c' })
    await a.mark()
    await c.reload()
    expect(await a.next('CRVideo_CancelAssignUser')).toEqual([queID, 'c'])
    await over()
  })

  it('05 §9, §2.1: the administrator makes and deletes a queue; deleting acts at once', async () => {
    const ask = (method: string, path: string, body?: object) =>
      fetch(`${server.url}/api/v1/queues${path}`, {
        method,
        headers: { authorization: `Bearer ${ADMIN}`, 'content-type': 'application/json' },
        ...(body && { body: JSON.stringify(body) }),
      })
    const made = await ask('POST', '', { name: 'Short-lived', priority: 3 })
    expect(made.status).toBe(201)
    const { id } = (await made.json()) as { id: number }
    const [a, c] = [await open('b'), await open('c')]
    expect((await queues(c)).map((q) => q.queID)).toContain(id)
    await c.call('CRVideo_StartQueuing', id)
    await c.next('CRVideo_StartQueuingRslt', 0)
    await a.call('CRVideo_StartService', id)
    await a.next('CRVideo_AutoAssignUser')
    await c.mark()
    expect((await ask('DELETE', `/${id}`, {})).status).toBe(204)
    await c.next('CRVideo_QueuingInfoChanged', { queID: -1, position: 0, queuingTime: 0 })
    expect(await a.next('CRVideo_CancelAssignUser')).toEqual([id, 'c'])
    await eventually(async () => expect(await a.call('CRVideo_GetServingQueues')).toEqual([]))
    await over()
  })

  it('05 §9: the company’s program adds and renames a queue; pages see it at their next init', async () => {
    const ask = async (operation: string, params: Record<string, string>) => {
      const secret = createHash('md5').update(`${ACCOUNT}&${ADMIN}`).digest('hex')
      const answer = await fetch(`${server.url}/CLOUDROOM-API/queue/${operation}`, {
        method: 'POST',
        body: new URLSearchParams({
          RequestId: '1',
          CompID: ACCOUNT,
          SecretKey: secret,
          ...params,
        }),
      })
      return (await answer.json()) as { RspCode: string; Data: { QueueID: number } }
    }
    const made = await ask('add', { QueueName: '理赔', Priority: '4' })
    expect(made.RspCode).toBe('0')
    const p = await open('company')
    const named = async (name: string) => (await queues(p)).filter((q) => q.name === name)
    expect(await named('理赔')).toMatchObject([{ queID: made.Data.QueueID, prio: 4 }])
    await ask('modify', { QueueName: '理赔', NewQueueName: 'Claims' })
    await p.call('CRVideo_InitQueueDat')
    await p.next('CRVideo_InitQueueDatRslt', 0)
    expect(await named('Claims')).toHaveLength(1)
    expect((await ask('delete', { QueueName: 'Claims', SecretKey: 'guessed' })).RspCode).toBe('3')
    expect((await ask('delete', { QueueName: 'Claims' })).RspCode).toBe('0')
    await over()
  })

  const CALL = /Call|Assign|QueuingInfo/
  const since = async (p: ClassicPage) =>
    (await p.sinceMark()).filter((s) => CALL.test(s.slot)).map((s) => s.slot.slice(8))
  const offered = async () => {
    const [a, c] = [await open('a'), await open('c')]
    const queID = (await queues(a))[0]?.queID as number
    await c.call('CRVideo_StartQueuing', queID)
    await c.next('CRVideo_QueuingInfoChanged')
    await a.call('CRVideo_StartService', queID)
    await a.next('CRVideo_AutoAssignUser')
    await a.call('CRVideo_CreateMeeting', 'service', 1)
    const [meeting] = await a.next('CRVideo_CreateMeetingSuccess')
    await a.mark()
    await c.mark()
    return { a, c, queID, meeting: meeting as { ID: number; pswd: string } }
  }

  it('03 §8, 05 §2.1: call then accept in one breath, talk, reload, talk on, hang up', async () => {
    const { a, c, queID, meeting } = await offered()
    const callID = await a.call<string>('CRVideo_Call', 'c', meeting)
    await a.call('CRVideo_AcceptAssignUser', queID, 'c')
    await a.next('CRVideo_ResponseAssignUserRslt', 0)
    await a.next('CRVideo_CallSuccess', callID)
    await c.next('CRVideo_QueuingInfoChanged')
    await c.next('CRVideo_NotifyCallIn', callID)
    // Both orders are valid: who is called has to be looked up first.
    expect((await since(a)).toSorted()).toEqual(['CallSuccess', 'ResponseAssignUserRslt'])
    expect((await since(c)).toSorted()).toEqual(['NotifyCallIn', 'QueuingInfoChanged'])
    expect(await c.call('CRVideo_GetSessionInfo')).toMatchObject({
      callID,
      peerID: 'a',
      peerName: 'Nick a',
      bCallAccepted: 0,
      duration: 0,
    })
    await c.call('CRVideo_AcceptCall', callID, meeting)
    await c.enter(meeting, 'c')
    await a.next('CRVideo_NotifyCallAccepted', callID)
    await a.enter(meeting, 'a')
    expect(await a.call('CRVideo_GetSessionInfo')).toMatchObject({
      callID,
      peerID: 'c',
      peerName: 'Nick c',
      bCallAccepted: 1,
      meetingID: meeting.ID,
      meetingPswd: meeting.pswd,
    })
    expect(await a.call('CRVideo_GetQueuingInfo')).toMatchObject({ queID: -2 })

    await c.reload()
    await a.next('CRVideo_UserLeftMeeting', 'c')
    await c.mark()
    await c.login('c')
    await c.call('CRVideo_InitQueueDat')
    await c.next('CRVideo_InitQueueDatRslt', 0)
    const kept = await c.call<{ duration: number }>('CRVideo_GetSessionInfo')
    expect(kept).toMatchObject({ callID, peerID: 'a', bCallAccepted: 1, meetingID: meeting.ID })
    expect(kept.duration).toBeGreaterThanOrEqual(1)
    expect(await c.call('CRVideo_GetQueuingInfo')).toMatchObject({ queID: -2 })
    await a.mark()
    await c.enter(meeting, 'c')
    await a.next('CRVideo_UserEnterMeeting', 'c')
    await c.mark()
    await a.call('CRVideo_HungupCall', callID)
    await a.next('CRVideo_HangupCallSuccess', callID)
    await c.next('CRVideo_QueuingInfoChanged', { queID: -1, position: 0, queuingTime: 0 })
    expect(await since(c)).toEqual(['NotifyCallHungup', 'QueuingInfoChanged'])
    expect(await c.call('CRVideo_GetSessionInfo')).toMatchObject({ callID: '', duration: 0 })
    await over()
  })

  it('05 §2.1: the offered customer is called without accepting, does not disturb, and accepts', async () => {
    const { a, c, queID } = await offered()
    await c.call('CRVideo_SetDNDStatus', 1)
    await c.next('CRVideo_SetDNDStatusSuccess')
    await c.mark()
    const callID = await a.call<string>('CRVideo_Call', 'c', { ID: 0 })
    await c.next('CRVideo_NotifyCallIn', callID)
    await c.call('CRVideo_AcceptCall', callID)
    await c.next('CRVideo_QueuingInfoChanged')
    expect(await since(c)).toEqual(['NotifyCallIn', 'AcceptCallSuccess', 'QueuingInfoChanged'])
    await a.next('CRVideo_QueueStatusChanged', { queID, agent_num: 1, wait_num: 0, srv_num: 1 })
    expect(await since(a)).toEqual(['CallSuccess', 'NotifyCallAccepted'])
    // A call that is left open is kept for a while, and with it its two users.
    await a.call('CRVideo_HungupCall', callID)
    await a.next('CRVideo_HangupCallSuccess', callID)
    await over()
  })

  it('05 §2.1: refused, the customer leaves; the agent hanging up, it is back at the head', async () => {
    const refusing = await offered()
    const callID = await refusing.a.call<string>('CRVideo_Call', 'c', { ID: 0 })
    await refusing.c.next('CRVideo_NotifyCallIn', callID)
    await refusing.c.call('CRVideo_RejectCall', callID)
    await refusing.c.next('CRVideo_QueuingInfoChanged', { queID: -1, position: 0, queuingTime: 0 })
    expect(await since(refusing.c)).toEqual([
      'NotifyCallIn',
      'RejectCallSuccess',
      'QueuingInfoChanged',
    ])
    await refusing.a.next('CRVideo_NotifyCallRejected', callID, 606)
    expect(await since(refusing.a)).toEqual(['CallSuccess', 'NotifyCallRejected'])
    // A deliberate logout ends the services: nobody is offered to the next story's page.
    await refusing.a.call('CRVideo_Logout')
    await over()

    const { a, c, queID } = await offered()
    const second = await a.call<string>('CRVideo_Call', 'c', { ID: 0 })
    await c.next('CRVideo_NotifyCallIn', second)
    await a.call('CRVideo_HungupCall', second)
    await a.next('CRVideo_CancelAssignUser', queID, 'c')
    expect(await since(a)).toEqual(['CallSuccess', 'HangupCallSuccess', 'CancelAssignUser'])
    const [place] = await c.next('CRVideo_QueuingInfoChanged')
    expect(place).toMatchObject({ queID, position: 0 })
    expect(await since(c)).toEqual(['NotifyCallIn', 'NotifyCallHungup', 'QueuingInfoChanged'])
    await over()
  })
})
