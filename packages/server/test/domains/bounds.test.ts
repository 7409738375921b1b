import { LIMITS } from '@yuntang/protocol'
import { expect, it } from 'vitest'
import type { Context } from '../../src/actor/context.ts'
import { createFakeClock } from '../../src/core/clock.ts'
import { apply, noCalls } from '../../src/domains/calls/state.ts'
import { Commands } from '../../src/domains/channel/commands.ts'
import { DeliveryLog, KeptTotal } from '../../src/gateway/delivery-log.ts'
import { createWorld, queue } from './queues/world.ts'

/** What one page, or many together, can make the server keep. */

it('05 §4: joining and leaving, offering and declining again and again leave no deadlines behind', () => {
  const w = createWorld(queue(1, { maxWaitMs: 24 * 3_600_000 }))
  w.online('customer', 'agent')
  for (let i = 0; i < 2_000; i++) {
    expect(w.do({ type: 'join', userID: 'customer', queue: 1, text: '' })).toBe('ok')
    expect(w.do({ type: 'leave', userID: 'customer' })).toBe('ok')
    w.clock.advance(20)
  }
  expect(w.state.deadlines.size).toBeLessThan(1_100)
  w.do({ type: 'join', userID: 'customer', queue: 1, text: '' })
  w.do({ type: 'serve', userID: 'agent', queue: 1 })
  const joined = w.state.customers.get('customer')?.joinedAt ?? 0
  for (let i = 0; i < 2_000; i++) {
    w.do({ type: 'next', userID: 'agent' })
    w.do({ type: 'reject', userID: 'agent', queue: 1, customer: 'customer' })
    w.clock.advance(20)
  }
  expect(w.state.deadlines.size).toBeLessThan(2_200)
  // What is due is due all the same.
  expect(w.state.customers.has('customer')).toBe(true)
  w.do({ type: 'stopServing', userID: 'agent', queue: 1 })
  w.clock.advance(joined + 24 * 3_600_000 - w.clock.now())
  w.settle()
  expect(w.state.customers.has('customer')).toBe(false)
})

it('05 §9: a longest wait that is changed holds for those who wait already', () => {
  const w = createWorld(queue(1))
  w.online('customer')
  w.do({ type: 'join', userID: 'customer', queue: 1, text: '' })
  w.do({ type: 'define', definition: queue(1, { maxWaitMs: 60_000 }) })
  w.clock.advance(30_000)
  w.do({ type: 'define', definition: queue(1, { maxWaitMs: 90_000 }) })
  w.clock.advance(31_000)
  w.settle()
  expect(w.state.customers.has('customer')).toBe(true)
  w.clock.advance(29_000)
  w.settle()
  expect(w.state.customers.has('customer')).toBe(false)
})

it('03 §4.3: ended calls are remembered, but so many only', () => {
  let state = noCalls
  const call = {
    ...{ caller: 'a', callerName: '', called: 'b', calledName: '', meeting: null, family: null },
    ...{ ext: '', stage: 'ringing' as const },
  }
  for (let i = 0; i < LIMITS.callTombstones + 50; i++) {
    const id = `call-${i}`
    state = apply(state, { type: 'started', call: { ...call, id } })
    state = apply(state, { type: 'ended', id, end: 'cancelled', by: 'a', ext: '' })
  }
  expect(state.ended.size).toBe(LIMITS.callTombstones)
  expect(state.ended.has('call-0')).toBe(false)
  expect(state.ended.has(`call-${LIMITS.callTombstones + 49}`)).toBe(true)
})

it('04 §2: commands of all receivers together are bounded, and those that end make room', () => {
  const clock = createFakeClock()
  const commands = new Commands(clock, 1_000)
  const page = (userID: string) => {
    const link = { eventWithReceipt: () => () => {}, event: () => {} }
    const user = { account: 'demo', userID, nickName: '', proofHash: '' }
    return { user, link } as unknown as Context & { user: NonNullable<Context['user']> }
  }
  const from = page('from')
  const send = (to: string) => commands.send(from, from.user, page(to), 't', 'x'.repeat(100))
  for (let i = 0; i < 10; i++) send(`to-${i}`)
  expect(() => send('one more')).toThrow(expect.objectContaining({ code: 'channel.failed' }))
  commands.receiverGone({ account: 'demo', userID: 'to-0' })
  send('one more')
  expect(() => send('another')).toThrow()
  clock.advance(LIMITS.request)
  for (let i = 0; i < 10; i++) send(`to-${i}`)
  expect(() => send('one more')).toThrow()
})

it('what all pages leave unacknowledged is bounded: then each may keep little, and one snapshot always', () => {
  const total = new KeptTotal(1_000_000)
  const hungry = new DeliveryLog(total)
  const frame = (chars: number) => JSON.stringify({ event: 'e', data: 'x'.repeat(chars) })
  while (total.share === 1) hungry.add(frame(100_000), false)
  expect(hungry.full).toBe(true)
  hungry.shed()
  expect(total.share).toBe(1)

  const asking = new DeliveryLog(total)
  while (total.share === 1) asking.add(frame(300_000), true)
  expect(asking.burst).toBe(true)
  const modest = new DeliveryLog(total)
  modest.add(frame(200_000), false)
  modest.add(frame(10_000), true)
  expect([modest.full, modest.burst]).toEqual([false, false])
  modest.add(frame(1_000), false)
  expect(modest.full).toBe(true)

  asking.clear()
  hungry.clear()
  modest.startAt(1_000)
  modest.acknowledge(1_003)
  expect(total.chars).toBe(0)
})
