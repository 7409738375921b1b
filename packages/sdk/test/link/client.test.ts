import { afterEach, describe, expect, it, vi } from 'vitest'
import { createClient } from '../../src/client/client.ts'
import { FakeSocket, settle } from './fake-env.ts'

const sockets: FakeSocket[] = []
const HELLO = {
  server: 's',
  token: 't',
  resumed: false,
  taken: 0,
  resumeWindow: 30_000,
  guests: true,
}
const snapshot = (id: number, me: string) => ({
  id,
  subject: 'Talk',
  owner: me,
  url: 'https://x/m/1',
  me,
  policy: 'open',
  members: [
    {
      userID: me,
      nickName: 'Me',
      audio: 1,
      video: 1,
      cameras: [],
      sending: [],
      defaultVideo: 0,
      multiVideo: false,
    },
  ],
})

const start = () => {
  sockets.length = 0
  // A page without a camera API, as outside a secure context.
  vi.stubGlobal('navigator', {})
  vi.stubGlobal(
    'WebSocket',
    class extends FakeSocket {
      constructor(url: string) {
        super(url)
        sockets.push(this)
      }
    },
  )
  return createClient({ server: 'host', media: false })
}
afterEach(() => {
  vi.unstubAllGlobals()
})

let seq = 0
const greet = async () => {
  await settle()
  seq = 0
  sockets.at(-1)!.onopen?.()
  sockets.at(-1)!.say({ hello: HELLO })
  await settle()
}
/** Answers the newest request of this name. */
const answer = async (method: string, result: object) => {
  await settle()
  const request = sockets.at(-1)!.sent.findLast((frame) => frame.method === method)
  sockets.at(-1)!.say({ seq: ++seq, id: request?.id, result })
  await settle()
}
const logIn = async (client: ReturnType<typeof start>) => {
  const done = client.login({ account: 'demo', password: 'abc', nickName: 'Me', userID: 'me' })
  await greet()
  await answer('session.login', { userID: 'me', proof: 'proof' })
  return await done
}
const enter = async (client: ReturnType<typeof start>, id: number) => {
  const done = client.enter({ id })
  await vi.waitFor(() =>
    expect(sockets.at(-1)?.sent.at(-1)).toMatchObject({ method: 'meetings.enter', params: { id } }),
  )
  await answer('meetings.enter', snapshot(id, 'me'))
  return await done
}

describe('client', () => {
  it('02 §3: the plain password never crosses; a second login fails with 9', async () => {
    const client = start()
    expect(await logIn(client)).toEqual({ userID: 'me' })
    expect(JSON.stringify(sockets[0]!.sent)).toContain('900150983cd24fb0d6963f7d28e17f72')
    expect(JSON.stringify(sockets[0]!.sent)).not.toContain('"abc"')
    await expect(
      client.login({ account: 'demo', password: 'abc', nickName: '' }),
    ).rejects.toMatchObject({ sdk: 9 })
    expect(client.state).toBe('online')
    client.close()
  })
  it('02 §4: line-off: pending operations fail, then the meeting ends, then lineOff', async () => {
    const client = start()
    await logIn(client)
    const meeting = await enter(client, 11)
    const order: unknown[] = []
    client.on('lineOff', ({ sdk }) => order.push(`lineOff ${sdk}`))
    meeting.on('ended', ({ reason }) => order.push(`${reason} ${client.meeting}`))
    client.meetings.list().catch((error: { sdk: number }) => order.push(`failed ${error.sdk}`))
    const data = { code: 'session.replaced' }
    sockets[0]!.say({ seq: ++seq, event: 'session.lineOff', data })
    await vi.waitFor(() => expect(order).toHaveLength(3))
    expect(order).toEqual(['failed 10', 'replaced null', 'lineOff 10'])
    expect(meeting.members).toEqual([])
    expect(client.state).toBe('idle')
    client.close()
  })
  it('07 §5.3: coming back into the lost meeting presents the proof of the lost login', async () => {
    const client = start()
    await logIn(client)
    const meeting = await enter(client, 11)
    const dropped = meeting.once('ended')
    sockets[0]!.say({ seq: ++seq, event: 'session.lineOff', data: { code: 'internal' } })
    await dropped
    const back = client.enter({ id: 11 })
    await vi.waitFor(() => expect(sockets).toHaveLength(2))
    await greet()
    await vi.waitFor(() =>
      expect(sockets[1]!.sent.at(-1)).toMatchObject({
        method: 'meetings.enter',
        params: { userID: 'me', proof: 'proof' },
      }),
    )
    await answer('meetings.enter', snapshot(11, 'me'))
    expect((await back).members).toHaveLength(1)
    expect(client.userID).toBeNull()
    client.close()
  })
  it('07 §2: a newer entry replaces the running one, whose result is 206', async () => {
    const client = start()
    await logIn(client)
    const older = expect(client.enter({ id: 11 })).rejects.toMatchObject({ sdk: 206 })
    const newer = await enter(client, 12)
    await older
    expect(client.meeting).toBe(newer)
    client.close()
  })
  it('07 §3: leaving tells the server, takes effect at once, and a guest’s link goes too', async () => {
    const client = start()
    const entering = client.enter({ id: 11, userID: 'me' })
    await vi.waitFor(() => expect(sockets).toHaveLength(1))
    await greet()
    await answer('meetings.enter', snapshot(11, 'me'))
    const meeting = await entering
    meeting.leave()
    expect(client.meeting).toBeNull()
    expect(sockets[0]!.sent.at(-1)).toMatchObject({ method: 'meetings.exit' })
    expect(sockets[0]!.closedWith).toBe(4001)
    expect(client.state).toBe('idle')
    client.close()
  })
  it('07 §2: an entry made while recovering takes the place of the recovery, silently', async () => {
    const client = start()
    await logIn(client)
    const old = await enter(client, 11)
    const ends: string[] = []
    old.on('ended', ({ reason }) => ends.push(reason))
    sockets[0]!.onclose?.()
    expect(client.state).toBe('resuming')
    const again = client.enter({ id: 11 })
    expect(ends).toEqual(['left'])
    expect(client.meeting).toBeNull()
    await vi.waitFor(() => expect(sockets).toHaveLength(2), 3_000)
    sockets[1]!.onopen?.()
    sockets[1]!.say({ hello: { ...HELLO, resumed: true, taken: 2 } })
    await vi.waitFor(() =>
      expect(sockets[1]!.sent.at(-1)).toMatchObject({
        method: 'meetings.enter',
        params: { id: 11, fresh: true },
      }),
    )
    await answer('meetings.enter', snapshot(11, 'me'))
    expect(await again).not.toBe(old)
    expect(client.meeting).toBe(await again)
    client.close()
  })
  it('07 §5.1: a snapshot in place of events: the difference is told, a lost seat is a drop', async () => {
    const client = start()
    await logIn(client)
    const meeting = await enter(client, 11)
    const heard: unknown[] = []
    meeting.on('memberEntered', ({ member }) => heard.push(`entered ${member.userID}`))
    meeting.on('memberLeft', ({ userID }) => heard.push(`left ${userID}`))
    meeting.on('audioStatus', ({ userID, old, now }) => heard.push(`${userID} ${old} ${now}`))
    meeting.on('ended', ({ reason }) => heard.push(reason))
    const me = snapshot(11, 'me').members[0]
    const resync = (members: object[] | null) =>
      sockets[0]!.say({
        seq: ++seq,
        event: 'session.resync',
        data: { meeting: members && { ...snapshot(11, 'me'), members } },
      })
    resync([me!, { ...me, userID: 'you' }])
    resync([me!, { ...me, userID: 'you', audio: 3 }])
    resync([me!])
    resync(null)
    expect(heard).toEqual(['entered you', 'you 1 3', 'left you', 'dropped'])
    expect(client.state).toBe('online')
    client.close()
  })
  it('a seat that nobody here sits on is given back', async () => {
    const client = start()
    await logIn(client)
    const data = { meeting: snapshot(11, 'me') }
    sockets[0]!.say({ seq: ++seq, event: 'session.resync', data })
    expect(sockets[0]!.sent.at(-1)).toMatchObject({ method: 'meetings.exit' })
    client.close()
  })
  it('00 §10: a page back from the back/forward cache finds its meeting dropped and itself lined off, once', async () => {
    const page = new EventTarget()
    vi.stubGlobal('addEventListener', page.addEventListener.bind(page))
    const client = start()
    await logIn(client)
    const meeting = await enter(client, 11)
    const order: unknown[] = []
    client.on('lineOff', ({ sdk }) => order.push(sdk))
    meeting.on('ended', ({ reason }) => order.push(reason))
    page.dispatchEvent(new Event('pagehide'))
    expect(sockets[0]!.closedWith).toBe(4001)
    page.dispatchEvent(Object.assign(new Event('pageshow'), { persisted: true }))
    page.dispatchEvent(Object.assign(new Event('pageshow'), { persisted: true }))
    await vi.waitFor(() => expect(order).toHaveLength(2))
    expect(order).toEqual(['dropped', 207])
    expect(client.state).toBe('idle')
    client.close()
  })
  it('03 §2: a public link is resolved without a login, over a link of its own', async () => {
    const client = start()
    const resolved = client.meetings.resolve('abc')
    await greet()
    const found = { id: 11, subject: 'Talk', protected: false }
    await answer('meetings.resolve', found)
    expect(await resolved).toEqual(found)
    expect(sockets[0]!.closedWith).toBe(4001)
    await expect(client.meetings.list()).rejects.toMatchObject({ sdk: 9 })
    client.close()
  })
  it('08 §2.1: closing and asking others is a request; own members’ events are not doubled', async () => {
    const client = start()
    await logIn(client)
    const meeting = await enter(client, 11)
    const heard: unknown[] = []
    meeting.on('audioStatus', (event) => heard.push(event))
    const status = (userID: string) => ({ userID, old: 2, now: 3 })
    for (const userID of ['me', 'you'])
      sockets[0]!.say({ seq: ++seq, event: 'members.audioStatus', data: status(userID) })
    expect(heard).toEqual([status('you')])
    const closed = meeting.close('you', 'mic')
    await answer('members.close', {})
    await closed
    client.close()
    await expect(meeting.closeAllMics()).rejects.toMatchObject({ sdk: 800 })
  })
})

it('02 §3: the greeting tells a page without login whether guests are let in', async () => {
  const client = start()
  const info = client.serverInfo()
  await greet()
  expect(await info).toEqual({ guests: true })
  expect(client.state).toBe('idle')
  expect(sockets.at(-1)?.closedWith).toBe(4001)
  client.close()
})
