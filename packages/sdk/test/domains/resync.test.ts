import type { Events } from '@yuntang/protocol'
import { describe, expect, it } from 'vitest'
import type { UserStatus } from '../../src/api.ts'
import { createInbox } from '../../src/client/inbox.ts'
import type { Login } from '../../src/client/login.ts'
import { createCalls } from '../../src/domains/calls.ts'
import { createPresence } from '../../src/domains/presence.ts'

/** A login whose server answers by hand. */
const createServer = (answers: Record<string, unknown> = {}) => {
  const asked: [string, unknown][] = []
  const login = {
    current: { userID: 'me', proof: '' },
    send: async (method: string, params: unknown) => {
      asked.push([method, params])
      return answers[method] ?? {}
    },
  } as unknown as Login
  return { login, asked, answers, inbox: createInbox() }
}
const settle = () => new Promise((resolve) => setTimeout(resolve, 0))
const user = (userID: string, status: UserStatus['status'] = 1): UserStatus => ({
  userID,
  nickName: userID,
  status,
  dnd: 0,
})
const MEETING = { id: 0, password: '', subject: '', url: '', creator: '', memberCount: 0 }
const incoming: Events['calls.incoming'] = {
  callID: 'x',
  kind: 'call',
  callerID: 'a',
  callerName: 'A',
  meeting: MEETING,
  ext: '',
}

describe('02 §5: after changes were dropped, or the server began anew', () => {
  it('do-not-disturb and the watch are set again, and what changed is told', async () => {
    const server = createServer({ 'presence.list': { users: [user('a'), user('b')] } })
    const presence = createPresence(server.login, server.inbox)
    const told: string[] = []
    presence.on('changed', ({ user: u }) => told.push(`${u.userID} ${u.status}`))
    await presence.setDnd(7)
    await presence.watch()
    await presence.list()
    server.asked.length = 0
    server.answers['presence.list'] = { users: [user('a'), user('c', 3)] }
    server.inbox.deliver('session.resync', { meeting: null })
    await settle()
    expect(server.asked.slice(0, 2)).toEqual([
      ['presence.setDnd', { value: 7 }],
      ['presence.watch', {}],
    ])
    expect(told).toEqual(['c 3', 'b 0'])
  })

  it('a page that neither watches nor has a call asks nothing', async () => {
    const server = createServer()
    createPresence(server.login, server.inbox)
    createCalls(server.login, server.inbox)
    server.inbox.deliver('session.resync', { meeting: null })
    await settle()
    expect(server.asked).toEqual([])
  })

  it('03 §4.3: a call that the server does not know any more is over', async () => {
    const server = createServer({ 'calls.current': { calls: [] } })
    const calls = createCalls(server.login, server.inbox)
    const told: string[] = []
    calls.on('rejected', ({ callID }) => told.push(`rejected ${callID}`))
    calls.on('hungUp', ({ callID }) => told.push(`hungUp ${callID}`))
    const call = await calls.start({ userID: 'b', id: 'out' })
    server.inbox.deliver('session.resync', { meeting: null })
    await settle()
    expect(call.state).toBe('ended')
    server.inbox.deliver('calls.incoming', incoming)
    server.inbox.deliver('session.resync', { meeting: null })
    await settle()
    expect(told).toEqual(['rejected out', 'hungUp x'])
    expect(calls.current).toBeNull()
  })

  it('03 §4.3: after a restart of the server own invites end with their final status, once', async () => {
    const server = createServer()
    const calls = createCalls(server.login, server.inbox)
    const told: string[] = []
    calls.on('invite', ({ inviteID, family, status }) =>
      told.push(`${inviteID} ${family} ${status}`),
    )
    const meeting = { id: 7 }
    for (const id of ['rings', 'talks', 'over', 'taken back'])
      await calls.invite({ userID: 'b', meeting, id, family: 'clientInvite' })
    const tell = (callID: string, status: 1 | 2) =>
      server.inbox.deliver('calls.inviteStatus', { callID, family: 'clientInvite', status })
    tell('talks', 1)
    tell('over', 2)
    await calls.cancelInvite('taken back', { family: 'clientInvite' })
    told.length = 0
    calls.restarted()
    calls.restarted()
    expect(told).toEqual(['rings clientInvite 3', 'talks clientInvite 4'])
  })

  it('a call that the server knows stays', async () => {
    const server = createServer({ 'calls.current': { calls: [{ callID: 'x' }] } })
    const calls = createCalls(server.login, server.inbox)
    server.inbox.deliver('calls.incoming', incoming)
    server.inbox.deliver('session.resync', { meeting: null })
    await settle()
    expect(calls.current?.state).toBe('ringing')
  })
})

describe('03 §4.3, races: hanging up a call that is over', () => {
  it('asks the server only while the page was not told of the end', async () => {
    const server = createServer()
    const calls = createCalls(server.login, server.inbox)
    server.inbox.deliver('calls.incoming', incoming)
    const early = calls.hangUp('x')
    server.inbox.deliver('calls.hungUp', { callID: 'x', end: 'cancelled', ext: '' })
    await expect(early).resolves.toBeUndefined()
    await expect(calls.hangUp('x')).rejects.toMatchObject({ code: 'call.unknown' })
    expect(server.asked.map(([method]) => method)).toEqual(['calls.hangUp'])
  })
})
