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
  | { do: 'session'; how: 'reload' | 'lose' | 'logout' | 'login' | 'replace'; user: string }
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
      do: fc.constant('session'),
      how: fc.constantFrom('reload', 'lose', 'logout', 'login', 'replace'),
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
  /** Live calls with who takes part, as other domains hear of them. */
  const live = new Map<string, readonly string[]>()
  activity.on('call', ({ callID, stage, kind, caller, called }) => {
    stages.set(callID, [...(stages.get(callID) ?? []), stage])
    if (stage === 'ended') live.delete(callID)
    else live.set(callID, kind === 'invite' ? [called] : [caller, called])
  })
  const directory = { find: (_account: string, userID: string) => online.get(userID)?.ctx }
  const rooms = { size: () => 0 }
  const exchange = new Exchange({
    clock,
    activity,
    sessionMs: SESSION,
    directory,
    rooms,
    phones: null,
  })
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
  return { clock, activity, online, told, stages, live, exchange, login, leave, key }
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

/** A second login keeps what rings for the user and an accepted call, and tells of the first again. */
const replace = (world: World, userID: string) => {
  if (!world.online.has(userID)) return
  const { exchange, told, key } = world
  const before = exchange.current(key(userID))
  const rings = before !== null && told.some((t) => t.callID === before.callID && t.user === userID)
  world.leave(userID, 'replaced')
  world.login(userID)
  world.clock.advance(0)
  const after = exchange.current(key(userID))
  if (!before || (!before.accepted && !rings)) expect(after).toBeNull()
  else expect(after?.callID).toBe(before.callID)
  if (after && !after.accepted)
    expect(told.at(-1)).toMatchObject({ user: userID, event: 'calls.incoming' })
}

const changeSession = (world: World, userID: string, how: (Step & { do: 'session' })['how']) => {
  if (how === 'login') world.login(userID)
  else if (how === 'replace') replace(world, userID)
  else {
    if (how === 'lose') world.activity.emit('link', { ...world.key(userID), alive: false })
    world.leave(userID, how === 'logout' ? 'logout' : 'lost')
    if (how === 'reload') world.login(userID)
  }
}

let ids = 0
const named = (n: number) => (n === 0 ? ('none' as const) : { ...meeting, id: n })

interface Made {
  readonly id: string
  readonly from: string
  readonly to: string
  readonly invite: boolean
}

const begin = (world: World, s: Step & { do: 'call' | 'invite' }, made: Made[]) => {
  ids += 1
  const id = `call${ids}`
  const reach = world.online.has(s.to) ? ('free' as const) : ('offline' as const)
  const change = { id, caller: s.from, called: s.to, meeting: named(s.meeting), reach }
  const answer = operate(world, s.from, s.do === 'call' ? start(change) : invite(change))
  if (answer === 'ok') made.push({ id, from: s.from, to: s.to, invite: s.do === 'invite' })
}

const run = (world: World, s: Step, made: Made[]) => {
  const base = (nth: number, userID: string) => ({
    id: made.at(-1 - nth)?.id ?? 'none',
    userID,
    ext: '',
  })
  switch (s.do) {
    case 'call':
    case 'invite':
      return begin(world, s, made)
    case 'accept': {
      const at = world.clock.now()
      operate(world, s.user, { type: 'accept', ...base(s.nth, s.user), at, meeting: 'none' })
      return
    }
    case 'cancel':
      operate(world, s.user, {
        type: 'cancelInvite',
        ...base(s.nth, s.user),
        family: 'callMoreParty',
      })
      return
    case 'reject':
    case 'hangUp':
      operate(world, s.user, { type: s.do, ...base(s.nth, s.user) })
      return
    case 'endMeeting':
      return world.exchange.meetingEnded(s.meeting)
    case 'wait':
      return world.clock.advance(s.ms)
    case 'session':
      return changeSession(world, s.user, s.how)
  }
}

/** Invariants that hold after every step: everybody is in at most one call, and both sides in the same. */
const checkAlways = ({ exchange, live, key }: World) => {
  for (const userID of USERS) {
    const own = [...live].filter(([, parties]) => parties.includes(userID)).map(([id]) => id)
    expect(own.length).toBeLessThanOrEqual(1)
    const call = exchange.current(key(userID))
    expect(call?.callID).toBe(own[0])
    expect(exchange.engaged(key(userID))).toBe(own.length === 1)
    if (!call) continue
    expect(call.accepted).toBe(call.acceptedAt !== null)
    const peer = exchange.current(key(call.peerID))
    if (live.get(call.callID)?.length === 2) expect(peer?.peerID).toBe(userID)
  }
}

const checkEnd = (world: World, made: Made[]) => {
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
    const made: Made[] = []
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
