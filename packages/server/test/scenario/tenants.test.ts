import { LIMITS, type MeetingInfo, writeChunk, writeConfirm } from '@yuntang/protocol'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { startTestApp, type TestApp, TestPage } from '../support/page.ts'

let test: TestApp
let users = 0

beforeAll(async () => {
  test = await startTestApp()
}, 60_000)
afterAll(async () => {
  await test.app.close()
  await test.storage.close()
})

/** Two people of one account, and one of another who knows every name and number of theirs. */
let a: TestPage
let b: TestPage
let rival: TestPage
let mate: TestPage
let acme = ''
let names: { a: string; b: string; mate: string }
beforeEach(async () => {
  users += 1
  acme = `acme${users}`
  const others = `rival${users}`
  names = { a: `a${users}`, b: `b${users}`, mate: `mate${users}` }
  a = await new TestPage(test).login(names.a, acme)
  b = await new TestPage(test).login(names.b, acme)
  rival = await new TestPage(test).login(`rival${users}`, others)
  mate = await new TestPage(test).login(names.mate, others)
})
/** Runs what the rival does; nobody of the other account is told anything by it. */
const unseen = async (step: () => Promise<unknown> | unknown): Promise<unknown> => {
  const before = [a.frames.length, b.frames.length, a.chunks.length, b.chunks.length]
  const answer = await step()
  test.clock.advance(1_000)
  expect([a.frames.length, b.frames.length, a.chunks.length, b.chunks.length]).toEqual(before)
  expect(`${JSON.stringify(answer)}`).not.toContain(names.a)
  return answer
}

describe('00 §1: calls of another app account', () => {
  const NONE = { id: 0, password: '' }
  const start = (page: TestPage, callID: string, called: string, meeting: object = NONE) =>
    page.call('calls.call', { callID, called, meeting, ext: '' })

  it.each<[string, (id: string) => [string, object], unknown]>([
    ['calling', () => ['calls.call', { called: names.a, meeting: NONE }], 'call.no-user'],
    ['accepting', () => ['calls.accept', { meeting: NONE }], 'call.unknown'],
    ['rejecting', () => ['calls.reject', {}], 'call.unknown'],
    ['hanging up', () => ['calls.hangUp', {}], 'call.unknown'],
    ['cancelling', () => ['calls.cancelInvite', { family: 'callMoreParty' }], 'call.unknown'],
    ['asking', () => ['calls.current', {}], { calls: [] }],
  ])('%s finds nobody and nothing', async (what, request, answer) => {
    const callID = `call-${users}`
    await start(a, callID, names.b)
    const [method, params] = request(callID)
    const id = what === 'calling' ? `other-${users}` : callID
    const asked = method === 'calls.current' ? {} : { callID: id, ext: '', ...params }
    expect(await unseen(() => rival.call(method, asked))).toEqual(answer)
    expect(await b.call('calls.accept', { callID, meeting: NONE, ext: '' })).toEqual({})
  })

  it('a person who exists and one who does not answer the same', async () => {
    const both = [names.a, 'nobody at all'].map((called, i) =>
      start(rival, `x${users}-${i}`, called),
    )
    expect(await Promise.all(both)).toEqual(['call.no-user', 'call.no-user'])
  })

  it('inviting into a meeting of the other account: neither its subject nor its password comes out', async () => {
    const m = (await a.call('meetings.create', {
      subject: 'secret plans',
      withPassword: true,
    })) as MeetingInfo
    const answers = []
    for (const [i, meeting] of [
      { id: m.id, password: '' },
      { id: m.id, password: 'wrong' },
      { id: 10_000_000, password: '' },
    ].entries())
      for (const method of ['calls.call', 'calls.invite'])
        answers.push(
          await unseen(() =>
            rival.call(method, {
              callID: `m${users}-${i}-${method}`,
              called: names.mate,
              meeting,
              ext: '',
              ...(method === 'calls.invite' && { family: 'callMoreParty' }),
            }),
          ),
        )
    expect(new Set(answers)).toEqual(new Set(['meeting.unknown']))
    expect(mate.events('calls.incoming')).toEqual([])
  })
})

describe('00 §1: presence of another app account', () => {
  it('lists and watches nobody, and is told nothing', async () => {
    await rival.call('presence.watch')
    await a.call('presence.watch')
    const before = a.frames.length
    const list = (await rival.call('presence.list', {})) as { users: { userID: string }[] }
    expect(list.users.map(({ userID }) => userID).sort()).toEqual([names.mate, `rival${users}`])
    await rival.call('presence.setDnd', { value: 1 })
    test.clock.advance(1_000)
    expect(a.frames.length).toBe(before)
    await b.call('presence.setDnd', { value: 1 })
    await new TestPage(test).login(`late${users}`, acme)
    test.clock.advance(1_000)
    expect(JSON.stringify(rival.frames)).not.toContain(names.b)
    expect(JSON.stringify(rival.frames)).not.toContain(`late${users}`)
  })
})

describe('00 §1, 04 §8: the channel of another app account', () => {
  it('nothing can be sent to it; a person who exists and one who does not answer the same', async () => {
    for (const to of [names.a, 'nobody at all']) {
      const task = { task: 't', to }
      expect(await unseen(() => rival.call('channel.command', { ...task, data: 'x' }))).toBe(
        'channel.offline',
      )
      expect(
        await unseen(() =>
          rival.call('channel.offer', { ...task, kind: 'file', size: 1, name: 'f' }),
        ),
      ).toBe('channel.offline')
    }
  })

  it.each(['accept', 'continue', 'cancel', 'finish', 'delivered', 'refuse'])(
    'a transfer under way does not exist for it: %s',
    async (operation) => {
      const offer = { task: 't', to: names.b, kind: 'file', size: 2 * LIMITS.chunkBytes, name: 'f' }
      const { transfer } = (await a.call('channel.offer', offer)) as { transfer: number }
      await b.call('channel.accept', { transfer, offset: 0 })
      const params = { transfer, ...(operation === 'accept' && { offset: 0 }) }
      expect(await unseen(() => rival.call(`channel.${operation}`, params))).toBe(
        'channel.too-late',
      )
      await unseen(() => {
        rival.binary(writeChunk(transfer, 0, new Uint8Array(LIMITS.chunkBytes)))
        rival.binary(writeConfirm(transfer, LIMITS.chunkBytes))
      })
      a.binary(writeChunk(transfer, 0, new Uint8Array(LIMITS.chunkBytes)))
      expect(b.chunks).toHaveLength(1)
    },
  )
})

describe('00 §1: queues of another app account', () => {
  const settings = {
    desc: '',
    priority: 1,
    maxWaiting: 0,
    maxWaitMs: 0,
    agents: null,
    global: false,
  }
  let queue = 0
  beforeEach(async () => {
    const made = await test.app.queues.create(acme, { ...settings, name: `q${users}` })
    queue = made?.id ?? 0
    await a.call('queues.serve', { queue })
    await b.call('queues.join', { queue, text: 'mine' })
    test.clock.advance(1_000)
    await new Promise((resolve) => setImmediate(resolve))
  })

  it.each<[string, () => object, unknown]>([
    ['join', () => ({ queue, text: '' }), 'queue.unknown'],
    ['serve', () => ({ queue }), 'queue.unknown'],
    ['stopServing', () => ({ queue }), 'queue.unknown'],
    ['accept', () => ({ queue, userID: names.b }), 'queue.unknown'],
    ['reject', () => ({ queue, userID: names.b }), 'queue.unknown'],
    ['next', () => ({}), 'queue.not-serving'],
    ['statuses', () => ({}), { statuses: [] }],
  ])('%s finds nobody and nothing', async (operation, params, answer) => {
    expect(await unseen(() => rival.call(`queues.${operation}`, params()))).toEqual(answer)
    expect(a.events('queues.offered')).toMatchObject([{ userID: names.b }])
  })

  it('init shows no queue, and no change of one is told', async () => {
    expect(await unseen(() => rival.call('queues.init'))).toMatchObject({ queues: [] })
    await test.app.queues.delete(queue)
    expect(JSON.stringify(rival.frames)).not.toContain('queues.deleted')
  })
})

describe('03 §1: guessing a meeting’s password through calls and invites', () => {
  it.each(['call', 'invite', 'accept'] as const)(
    '%s: after 60 wrong ones in a minute the address waits, and the right one is not told apart',
    async (operation) => {
      const own = await startTestApp({}, { storage: test.storage })
      const host = await new TestPage(own).login('host', 'acme')
      const m = (await host.call('meetings.create', {
        subject: 's',
        withPassword: true,
      })) as MeetingInfo
      const guesser = await new TestPage(own).login('guesser', 'rival')
      const victim = await new TestPage(own).login('victim', 'rival')
      const NONE = { id: 0, password: '' }
      if (operation === 'accept')
        await victim.call('calls.call', { callID: 'in', called: 'guesser', meeting: NONE, ext: '' })
      const guess = async (n: number, password: string) => {
        own.clock.advance(100)
        for (const page of [host, guesser, victim]) page.raw('{"ping":1}')
        guesser.acknowledge()
        const meeting = { id: m.id, password }
        const params = {
          callID: operation === 'accept' ? 'in' : `g${n}`,
          meeting,
          ext: '',
          ...(operation !== 'accept' && { called: 'victim' }),
          ...(operation === 'invite' && { family: 'callMoreParty' }),
        }
        return guesser.call(`calls.${operation}`, params)
      }
      const answers = []
      for (let n = 0; n < 60; n++) answers.push(await guess(n, `${n}`))
      expect(new Set(answers)).toEqual(new Set(['meeting.unknown']))
      expect(await guess(60, 'wrong')).toBe('rate.exceeded')
      expect(await guess(61, m.password)).toBe('rate.exceeded')
      await own.app.close()
    },
  )
})
