import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createActivity, type UserKey } from '../../src/actor/activity.ts'
import type { Context } from '../../src/actor/context.ts'
import { createFakeClock } from '../../src/core/clock.ts'
import { silentLog } from '../../src/core/log.ts'
import type { CallCommand } from '../../src/domains/calls/decide.ts'
import { Exchange } from '../../src/domains/calls/exchange.ts'
import { invite, meeting, start } from '../support/calls.ts'

const ACCOUNT = 'demo'
const RING = 30_000
const SESSION = 120_000
const USERS = ['a', 'b', 'c', 'd', 'e']

type Step =
  | { do: 'call' | 'invite'; from: string; to: string; meeting: number }
  | { do: 'accept' | 'reject' | 'hangUp' | 'cancel'; user: string; nth: number }
  | { do: 'reload' | 'lose' | 'logout' | 'login' | 'replace'; user: string }
  | { do: 'endMeeting'; meeting: number }
  | { do: 'wait'; ms: number }

const user = fc.constantFrom(...USERS)
const meetingID = fc.constantFrom(0, 1, 2)
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constantFrom('call', 'invite'),
      from: user,
      to: user,
      meeting: meetingID,
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constantFrom('accept', 'reject', 'hangUp', 'cancel'),
      user,
      nth: fc.nat(3),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constantFrom('reload', 'lose', 'logout', 'login', 'replace'),
      user,
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('endMeeting'), meeting: meetingID }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('wait'), ms: fc.constantFrom(1, 5_000, RING, SESSION) }),
  },
) as fc.Arbitrary<Step>

interface Told {
  readonly user: string
  readonly event: string
  readonly callID: string
  readonly login: number
}

/** Users of one account around a real exchange; what their pages are told is kept. */
const createWorld = () => {
  const clock = createFakeClock()
  const activity = createActivity(silentLog)
  const online = new Map<string, { ctx: Context; login: number }>()
  const told: Told[] = []
  const stages = new Map<string, string[]>()
  activity.on('call', ({ callID, stage }) =>
    stages.set(callID, [...(stages.get(callID) ?? []), stage]),
  )
  const directory = { find: (_account: string, userID: string) => online.get(userID)?.ctx }
  const rooms = { size: () => 0 }
  const exchange = new Exchange({ clock, activity, sessionMs: SESSION, directory, rooms })
  let logins = 0
  const login = (userID: string) => {
    if (online.has(userID)) return
    logins += 1
    const login = logins
    const event = (name: string, data: { callID: string }) =>
      told.push({ user: userID, event: name, callID: data.callID, login })
    const ctx = { link: { base: 'http://x', event } } as unknown as Context
    online.set(userID, { ctx, login })
    activity.emit('online', { account: ACCOUNT, userID })
  }
  const leave = (userID: string, how: 'logout' | 'lost' | 'replaced') => {
    if (online.delete(userID)) activity.emit('offline', { account: ACCOUNT, userID, how })
  }
  const key = (userID: string): UserKey => ({ account: ACCOUNT, userID })
  for (const userID of USERS) login(userID)
  return { clock, activity, online, told, stages, exchange, login, leave, key }
}

type World = ReturnType<typeof createWorld>

/** One operation of an online user: answered exactly once, by success or one error. */
const operate = (world: World, userID: string, command: CallCommand): string | null => {
  if (!world.online.has(userID)) return null
  try {
    world.exchange.commit(ACCOUNT, command)
    return 'ok'
  } catch (error) {
    return (error as { code: string }).code
  }
}

let ids = 0
const named = (n: number) => (n === 0 ? ('none' as const) : { ...meeting, id: n })

const run = (
  world: World,
  s: Step,
  made: { id: string; from: string; to: string; invite: boolean }[],
) => {
  if (s.do === 'call' || s.do === 'invite') {
    ids += 1
    const id = `call${ids}`
    const reach = world.online.has(s.to) ? ('free' as const) : ('offline' as const)
    const change = { id, caller: s.from, called: s.to, meeting: named(s.meeting), reach }
    const answer = operate(world, s.from, s.do === 'call' ? start(change) : invite(change))
    if (answer === 'ok') made.push({ id, from: s.from, to: s.to, invite: s.do === 'invite' })
  } else if (s.do === 'accept' || s.do === 'reject' || s.do === 'hangUp' || s.do === 'cancel') {
    const id = made.at(-1 - s.nth)?.id ?? 'none'
    const base = { id, userID: s.user, ext: '' }
    if (s.do === 'accept')
      operate(world, s.user, { type: 'accept', ...base, at: world.clock.now(), meeting: 'none' })
    else if (s.do === 'cancel')
      operate(world, s.user, { type: 'cancelInvite', ...base, family: 'callMoreParty' })
    else operate(world, s.user, { type: s.do, ...base })
  } else if (s.do === 'endMeeting') world.exchange.meetingEnded(s.meeting)
  else if (s.do === 'wait') world.clock.advance(s.ms)
  else if (s.do === 'login') world.login(s.user)
  else {
    if (s.do === 'lose') world.activity.emit('link', { ...world.key(s.user), alive: false })
    world.leave(s.user, s.do === 'logout' ? 'logout' : s.do === 'replace' ? 'replaced' : 'lost')
    if (s.do === 'reload' || s.do === 'replace') world.login(s.user)
  }
}

/** Invariants that hold after every step. */
const checkAlways = ({ exchange, key }: World) => {
  const partners = USERS.flatMap((userID) => {
    const call = exchange.current(key(userID))
    return call ? [{ userID, call }] : []
  })
  for (const { userID, call } of partners) {
    // Both sides of a call agree on it; a user is in at most one by construction of `current`.
    const peer = exchange.current(key(call.peerID))
    if (peer?.callID === call.callID) {
      expect(peer.peerID).toBe(userID)
      expect(peer.accepted).toBe(call.accepted)
    }
    expect(call.accepted).toBe(call.acceptedAt !== null)
  }
}

const checkEnd = (
  world: World,
  made: { id: string; from: string; to: string; invite: boolean }[],
) => {
  const { told, stages } = world
  for (const { id, from, to, invite: isInvite } of made) {
    // Rings once, is accepted at most once, ends exactly once and last.
    const seen = stages.get(id) ?? []
    expect([
      ['ringing', 'ended'],
      ['ringing', 'accepted', 'ended'],
    ]).toContainEqual(seen)
    const of = (who: string) => told.filter((t) => t.callID === id && t.user === who)
    expect(of(to)[0]?.event).toBe('calls.incoming')
    expect(told.every((t) => t.callID !== id || [from, to].includes(t.user))).toBe(true)
    const finals = of(from).filter((t) => ['calls.rejected', 'calls.hungUp'].includes(t.event))
    // An inviter hears of its invite by status only (spec 03 §6.3).
    if (isInvite) expect(finals).toEqual([])
    expect(finals.length).toBeLessThanOrEqual(1)
    expect(of(to).filter((t) => t.event === 'calls.hungUp').length).toBeLessThanOrEqual(1)
    if (of(from).some((t) => t.event === 'calls.rejected')) expect(seen).not.toContain('accepted')
    // A page is told of a ringing call at most once.
    const rings = of(to).filter((t) => t.event === 'calls.incoming')
    expect(new Set(rings.map((t) => t.login)).size).toBe(rings.length)
  }
}

describe('03 §4: any interleaving of calls, losses, reloads and time', () => {
  const property = fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
    const world = createWorld()
    const made: { id: string; from: string; to: string; invite: boolean }[] = []
    for (const s of steps) {
      run(world, s, made)
      checkAlways(world)
    }
    // Nobody rings for ever: after T_RING whatever is left is accepted.
    world.clock.advance(RING)
    for (const userID of USERS)
      expect(world.exchange.current(world.key(userID))?.accepted ?? true).toBe(true)
    // And nobody talks for ever with somebody who is gone.
    for (const userID of USERS) world.leave(userID, 'lost')
    world.clock.advance(SESSION)
    for (const userID of USERS) expect(world.exchange.engaged(world.key(userID))).toBe(false)
    checkEnd(world, made)
    // Every tombstone and timer goes.
    world.clock.advance(SESSION)
    expect(world.clock.pending()).toBe(0)
    world.exchange.close()
  })

  it('keeps its invariants', () => fc.assert(property, { numRuns: 300 }))
  it.each([1, 17, 2026])('keeps its invariants (seed %i)', (seed) =>
    fc.assert(property, { seed, numRuns: 100 }),
  )
})
