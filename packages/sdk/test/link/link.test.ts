import type { ErrorCode } from '@yuntang/protocol'
import { describe, expect, it } from 'vitest'
import { dial } from '../../src/link/dial.ts'
import { createLink } from '../../src/link/link.ts'
import { FakeEnv, settle } from './fake-env.ts'

const URLS = ['ws://one/ws', 'ws://two/ws']
const HELLO = {
  server: 's',
  token: 'secret',
  resumed: false,
  taken: 0,
  resumeWindow: 30_000,
  guests: true,
}
const INSTANCE = 'page-1234'

const greet = (env: FakeEnv, hello: object = {}) => {
  env.last.onopen?.()
  env.last.say({ hello: { ...HELLO, ...hello } })
}

const start = async () => {
  const env = new FakeEnv()
  const dialled = dial(URLS, { instance: INSTANCE }, env, new AbortController().signal)
  greet(env)
  const heard: unknown[] = []
  const states: string[] = []
  const ended: ErrorCode[] = []
  const link = createLink(await dialled, INSTANCE, URLS, env, {
    event: (name, data) => heard.push([name, data]),
    state: (state) => states.push(state),
    ended: (code) => ended.push(code),
  })
  return { env, link, heard, states, ended, socket: env.last }
}

describe('dial', () => {
  it('02 §2: tries the addresses in turn, each for T_CONNECT', async () => {
    const env = new FakeEnv()
    const dialled = dial(URLS, { instance: INSTANCE }, env, new AbortController().signal)
    await env.pass(10_000)
    expect(env.sockets.map(({ url }) => url)).toEqual(URLS)
    greet(env)
    expect((await dialled).url).toBe('ws://two/ws')
    expect(env.last.sent[0]).toMatchObject({
      method: 'session.hello',
      params: { protocol: 1, instance: INSTANCE },
    })
  })
  it('02 §3: after all addresses failed, the code of the last one; none at all is 201', async () => {
    const env = new FakeEnv()
    const { signal } = new AbortController()
    const dialled = dial(URLS, { instance: INSTANCE }, env, signal)
    const failed = expect(dialled).rejects.toMatchObject({ code: 'connection.socket', sdk: 204 })
    env.last.onclose?.()
    await settle()
    env.last.onopen?.()
    env.last.onclose?.()
    await failed
    await expect(dial([], { instance: INSTANCE }, env, signal)).rejects.toMatchObject({ sdk: 201 })
  })
  it('02 §3: a refused version is final', async () => {
    const env = new FakeEnv()
    const dialled = dial(URLS, { instance: INSTANCE }, env, new AbortController().signal)
    env.last.onopen?.()
    env.last.say({ refused: { code: 'protocol.version', message: 'too old' } })
    await expect(dialled).rejects.toMatchObject({ sdk: 4 })
    expect(env.sockets).toHaveLength(1)
  })
})

describe('link', () => {
  it('wire: requests count 1, 2, 3 …; answers find theirs, errors carry code and number', async () => {
    const { link, socket } = await start()
    const list = link.send('meetings.list', {})
    const gone = link.send('meetings.destroy', { id: 7 })
    expect(socket.of('method').map(({ id }) => id)).toEqual([1_000_000_000, 1, 2])
    socket.say({ seq: 1, id: 2, error: { code: 'meeting.unknown', message: 'gone' } })
    socket.say({ seq: 2, id: 1, result: { meetings: [] } })
    await expect(gone).rejects.toMatchObject({ code: 'meeting.unknown', sdk: 800 })
    await expect(list).resolves.toEqual({ meetings: [] })
  })
  it('wire: a number seen before is ignored; acknowledged at most each second', async () => {
    const { env, heard, socket } = await start()
    const left = { event: 'meetings.left', data: { userID: 'u', cause: 'left' } }
    socket.say({ seq: 1, ...left })
    socket.say({ seq: 1, ...left })
    socket.say({ seq: 2, ...left })
    expect(heard).toHaveLength(2)
    expect(socket.of('ack')).toEqual([])
    await env.pass(1_000)
    expect(socket.of('ack')).toEqual([{ ack: 2 }])
  })
  it('02 §3: no answer within T_REQUEST is 202', async () => {
    const { env, link, socket } = await start()
    const failed = expect(link.send('meetings.list', {})).rejects.toMatchObject({ sdk: 202 })
    await env.pass(10_000)
    socket.say({ pong: 1 })
    await env.pass(5_000)
    await failed
  })
  it('02 §5: resumed: waiting operations are sent, only what the server has not taken', async () => {
    const { env, link, states, socket } = await start()
    socket.say({ seq: 1, event: 'meetings.left', data: { userID: 'u', cause: 'left' } })
    const first = link.send('meetings.list', {})
    const second = link.send('members.openMic', {})
    socket.onclose?.()
    const third = link.send('members.closeAllMics', {})
    await env.pass(500)
    expect(env.last).not.toBe(socket)
    greet(env, { resumed: true, taken: 1 })
    await settle()
    expect(env.last.sent[0]).toMatchObject({ params: { resume: { token: 'secret', seen: 1 } } })
    expect(env.last.of('method').map(({ id }) => id)).toEqual([1_000_000_000, 2, 3])
    for (const id of [1, 2, 3]) env.last.say({ seq: id + 1, id, result: {} })
    await Promise.all([first, second, third])
    expect(states).toEqual(['resuming', 'live'])
  })
  it('07 §5.1: reconnects after 0.5, 1, 2, 2, 2 … s at the latest', async () => {
    const { env, socket } = await start()
    socket.onclose?.()
    const at: number[] = []
    for (let tick = 0; tick < 160; tick++) {
      const before = env.sockets.length
      await env.pass(100)
      if (env.sockets.length === before) continue
      at.push(env.now())
      env.last.onclose?.()
      await settle()
      env.last.onclose?.()
    }
    expect(at).toEqual([500, 1_500, 3_500, 5_500, 7_500, 9_500, 11_500, 13_500, 15_500])
  })
  it('02 §5: T_RESUME over: pending operations fail, then the link ends with 207', async () => {
    const { env, link, ended, socket } = await start()
    const failed = expect(link.send('meetings.list', {})).rejects.toMatchObject({ sdk: 207 })
    socket.onclose?.()
    await env.pass(29_900)
    expect(ended).toEqual([])
    await env.pass(200)
    await failed
    expect(ended).toEqual(['connection.lost'])
    const late = link.send('meetings.list', {})
    await expect(late).rejects.toMatchObject({ code: 'connection.lost' })
  })
  it('02 §4: the server no longer knows the session: 207 at once', async () => {
    const { env, ended, socket } = await start()
    socket.onclose?.()
    await env.pass(500)
    greet(env, { resumed: false })
    await settle()
    expect(ended).toEqual(['connection.lost'])
    expect(env.last.closedWith).toBe(4001)
  })
  it('02 §4: silent for T_DEAD and not resumed is 205; heartbeat each 5 s', async () => {
    const { env, ended, states, socket } = await start()
    await env.pass(14_900)
    expect(socket.of('ping')).toHaveLength(2)
    expect(states).toEqual([])
    await env.pass(200)
    expect(states).toEqual(['resuming'])
    await env.pass(30_000)
    expect(ended).toEqual(['connection.timeout'])
  })

  describe('after a restart of the server', () => {
    const restarted = async (during: (link: Awaited<ReturnType<typeof start>>['link']) => void) => {
      const run = await start()
      run.socket.say({ seq: 1, event: 'meetings.left', data: { userID: 'u', cause: 'left' } })
      during(run.link)
      run.socket.onclose?.()
      await run.env.pass(500)
      greet(run.env, { resumed: true, restarted: true, taken: 0 })
      await settle()
      return run
    }

    it('requests that may be repeated are sent again, under their numbers; the answer comes once', async () => {
      let list: Promise<unknown> = Promise.resolve()
      const { env } = await restarted((link) => {
        list = link.send('meetings.list', {})
      })
      expect(env.last.of('method').map(({ id }) => id)).toEqual([1_000_000_000, 1])
      env.last.say({ seq: 2, event: 'session.resync', data: { meeting: null } })
      env.last.say({ seq: 3, id: 1, result: { meetings: [] } })
      await expect(list).resolves.toEqual({ meetings: [] })
    })

    it('others fail with 207 when the page knows the new state, and are never carried out twice', async () => {
      let ask: Promise<unknown> = Promise.resolve()
      let told = 0
      const { env, heard } = await restarted((link) => {
        ask = link.send('members.askOpen', { userID: 'u', kind: 'mic' })
        ask.catch(() => {
          told = heard.length
        })
      })
      expect(env.last.of('method').map(({ id }) => id)).toEqual([1_000_000_000])
      env.last.say({ seq: 2, event: 'session.resync', data: { meeting: null } })
      await expect(ask).rejects.toMatchObject({ sdk: 207 })
      expect(told).toBe(2)
      env.last.onclose?.()
      await env.pass(500)
      greet(env, { resumed: true, taken: 0 })
      await settle()
      expect(env.last.of('method').map(({ id }) => id)).toEqual([1_000_000_000])
    })

    it('what was asked while the link was away is sent, whatever it is', async () => {
      const run = await start()
      run.socket.onclose?.()
      const ask = run.link.send('members.askOpen', { userID: 'u', kind: 'mic' })
      await run.env.pass(500)
      greet(run.env, { resumed: true, restarted: true, taken: 0 })
      await settle()
      expect(run.env.last.of('method').map(({ id }) => id)).toEqual([1_000_000_000, 1])
      run.env.last.say({ seq: 1, event: 'session.resync', data: { meeting: null } })
      run.env.last.say({ seq: 2, id: 1, result: {} })
      await expect(ask).resolves.toEqual({})
    })
  })

  it('07 §3: an unload is told by the socket and by a beacon', async () => {
    const { env, link, socket } = await start()
    link.unload()
    expect(socket.closedWith).toBe(4001)
    expect(env.farewells).toEqual([['http://one/api/unload', 'secret']])
  })

  it('00 §10: a page that was kept and comes back sends nothing over the socket that it closed', async () => {
    const { env, link, socket, ended } = await start()
    socket.say({ seq: 1, event: 'meetings.left', data: { userID: 'u', cause: 'left' } })
    link.unload()
    const sent = socket.sent.length
    link.hurry()
    const ask = link.send('meetings.list', {})
    expect(link.sendBinary(new Uint8Array(1))).toBe(false)
    await env.pass(6_000)
    expect(socket.sent).toHaveLength(sent)
    link.fail('connection.lost')
    await expect(ask).rejects.toMatchObject({ sdk: 207 })
    expect(ended).toEqual(['connection.lost'])
  })

  it('a burst is acknowledged before the second is over', async () => {
    const { socket } = await start()
    const left = { event: 'meetings.left', data: { userID: 'u', cause: 'left' } }
    for (let seq = 1; seq <= 600; seq++) socket.say({ seq, ...left })
    expect(socket.of('ack')).toEqual([{ ack: 256 }, { ack: 512 }])
  })

  it('a mebi of characters is acknowledged before the second is over', async () => {
    const { socket } = await start()
    const message = { seq: 1, from: 'u', to: '', text: 'x'.repeat(300_000), at: 1 }
    for (let seq = 1; seq <= 9; seq++) socket.say({ seq, event: 'im.message', data: message })
    expect(socket.of('ack')).toEqual([{ ack: 4 }, { ack: 8 }])
  })

  it('00 §10: told that the network is back: tries at once', async () => {
    const { env, link, socket, states } = await start()
    socket.onclose?.()
    await env.pass(500)
    env.last.onclose?.()
    await settle()
    env.last.onclose?.()
    await settle()
    const tried = env.sockets.length
    link.hurry()
    expect(env.sockets).toHaveLength(tried + 1)
    await env.pass(3_000)
    link.hurry()
    expect(env.sockets).toHaveLength(tried + 2)
    greet(env, { resumed: true })
    await settle()
    expect(states).toEqual(['resuming', 'live'])
  })

  it('00 §10: after a change of network a silent socket is given up in seconds, a working one is kept', async () => {
    const { env, link, socket, states } = await start()
    link.hurry()
    socket.say({ pong: 0 })
    await env.pass(5_000)
    expect(states).toEqual([])
    socket.say({ pong: 0 })
    link.hurry()
    await env.pass(4_100)
    expect(states).toEqual(['resuming'])
  })

  it('a swallowed try is given up after 4 s, later ones get longer', async () => {
    const { env, socket } = await start()
    socket.onclose?.()
    const at: number[] = []
    for (let tick = 0; tick < 260; tick++) {
      const before = env.sockets.length
      await env.pass(100)
      if (env.sockets.length > before && env.last.url === 'ws://one/ws') at.push(env.now())
    }
    expect(at).toEqual([500, 9_500, 23_500])
  })

  it('00 §10: timers held back by a sleeping tab end nothing that the server still holds', async () => {
    const { env, ended, socket, states } = await start()
    env.sleep(60_000)
    await env.pass(0)
    expect(states).toEqual([])
    socket.say({ pong: 1 })
    await env.pass(5_000)
    expect(states).toEqual([])
    socket.onclose?.()
    env.sleep(60_000)
    await env.pass(400)
    expect(ended).toEqual([])
    greet(env, { resumed: true })
    await settle()
    expect(states).toEqual(['resuming', 'live'])
  })
})
