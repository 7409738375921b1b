import { LIMITS } from '@yuntang/protocol'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { isFree, isReady } from '../../../src/domains/queues/policy.ts'
import { createWorld, queue, type World } from './world.ts'

const USERS = ['u0', 'u1', 'u2', 'u3', 'u4', 'u5', 'u6']
const user = fc.constantFrom(...USERS)
const queueID = fc.integer({ min: 1, max: 3 })

interface Ring {
  callID: string
  caller: string
  called: string
  kind: 'call' | 'invite'
  accepted: boolean
  accept(): void
  end(
    end: 'refused' | 'unanswered' | 'cancelled' | 'hungUp' | 'lost' | 'meetingEnded',
    by?: string,
  ): void
}

interface Model {
  calls: Ring[]
  /** Users whose last login was lost or left. */
  away: Set<string>
}

type Step = (w: World, m: Model) => void

const partOf = (c: Ring, u: string) => c.called === u || (c.kind === 'call' && c.caller === u)
const inCall = (m: Model, u: string) => m.calls.some((c) => partOf(c, u))
const drop = (m: Model, call: Ring) => {
  m.calls = m.calls.filter((c) => c !== call)
}

const login: fc.Arbitrary<Step> = user.map((u) => (w, m) => {
  if (!m.away.has(u)) return
  m.away.delete(u)
  w.online(u)
})
const logout: fc.Arbitrary<Step> = fc
  .tuple(user, fc.constantFrom('logout', 'lost', 'replaced'), fc.boolean())
  .map(([u, how, callsFirst]) => (w, m) => {
    if (m.away.has(u)) return
    m.away.add(u)
    const over = m.calls.filter((c) => partOf(c, u) && (!c.accepted || how === 'logout'))
    const endCalls = () => {
      for (const call of over) {
        drop(m, call)
        call.end('lost', u)
      }
    }
    if (callsFirst) endCalls()
    w.offline(u, how as 'lost')
    if (!callsFirst) endCalls()
  })
const link: fc.Arbitrary<Step> = fc.tuple(user, fc.boolean()).map(([u, alive]) => (w, m) => {
  if (!m.away.has(u)) w.link(u, alive)
})
const presence: fc.Arbitrary<Step> = fc
  .tuple(user, fc.boolean(), fc.boolean())
  .map(([u, dnd, on]) => (w, m) => {
    if (m.away.has(u)) return
    if (dnd) w.dnd(u, on ? 1 : 0)
    else w.meeting(u, on ? 12345678 : null)
  })
const operate: fc.Arbitrary<Step> = fc
  .tuple(user, fc.constantFrom('join', 'leave', 'serve', 'stop', 'next', 'init'), queueID)
  .map(([u, what, id]) => (w, m) => {
    if (m.away.has(u)) return
    if (what === 'join') w.join(u, id)
    else if (what === 'leave') w.leave(u)
    else if (what === 'serve') w.serve(u, id)
    else if (what === 'stop') w.stop(u, id)
    else if (what === 'next') w.next(u)
    else w.do({ type: 'resumeServices', userID: u })
  })
const answer: fc.Arbitrary<Step> = fc.tuple(user, fc.boolean()).map(([u, yes]) => (w, m) => {
  const customer = w.customerOf(u)
  const place = customer === null ? undefined : w.state.customers.get(customer)
  if (m.away.has(u) || customer === null || !place) return
  if (yes) w.accept(u, customer, place.queue ?? 0)
  else w.reject(u, customer, place.queue ?? 0)
})
/** A call of the agent to its customer, or of anybody to anybody. */
const call: fc.Arbitrary<Step> = fc
  .tuple(user, user, fc.boolean(), fc.constantFrom('call', 'invite'))
  .map(([u, v, own, kind]) => (w, m) => {
    const called = own ? (w.customerOf(u) ?? v) : v
    const busy = inCall(m, called) || (kind === 'call' && inCall(m, u))
    if (called === u || busy || m.away.has(u) || m.away.has(called)) return
    m.calls.push({ ...w.ring(u, called, kind as 'call'), accepted: false })
  })
const callGoesOn: fc.Arbitrary<Step> = fc
  .tuple(
    fc.nat(),
    fc.boolean(),
    fc.constantFrom('refused', 'unanswered', 'cancelled', 'meetingEnded', 'hungUp'),
  )
  .map(([n, accept, end]) => (_w, m) => {
    const ring = m.calls[n % Math.max(1, m.calls.length)]
    if (!ring) return
    if (accept && !ring.accepted) {
      ring.accepted = true
      ring.accept()
      return
    }
    drop(m, ring)
    const by = { refused: ring.called, cancelled: ring.caller, hungUp: ring.called }[
      end as 'refused'
    ]
    if (ring.accepted) ring.end('hungUp', ring.caller)
    else ring.end(end as 'refused', by)
  })
const time: fc.Arbitrary<Step> = fc
  .constantFrom(1000, LIMITS.cooldown, LIMITS.assign, LIMITS.engage, LIMITS.session)
  .map((ms) => (w) => w.pass(ms))
const administer: fc.Arbitrary<Step> = fc.tuple(queueID, fc.boolean()).map(([id, gone]) => (w) => {
  if (gone) w.do({ type: 'delete', queue: id })
  else w.do({ type: 'define', definition: queue(id, { priority: (id % 2) + 1 }) })
})

const step = fc.oneof(
  { weight: 3, arbitrary: login },
  { weight: 2, arbitrary: logout },
  { weight: 3, arbitrary: link },
  { weight: 3, arbitrary: presence },
  { weight: 12, arbitrary: operate },
  { weight: 6, arbitrary: answer },
  { weight: 5, arbitrary: call },
  { weight: 6, arbitrary: callGoesOn },
  { weight: 3, arbitrary: time },
  { weight: 1, arbitrary: administer },
)

const check = (w: World) => {
  const { state } = w
  const holders = new Map<string, string>()
  for (const u of state.users.values()) {
    // An agent has at most one customer, and a customer at most one agent.
    if (u.customer !== null) {
      expect(holders.has(u.customer)).toBe(false)
      holders.set(u.customer, u.userID)
      expect(state.customers.get(u.customer)?.agent).toBe(u.userID)
    }
    for (const id of u.serving) expect(state.queues.get(id)?.agents.has(u.userID)).toBe(true)
    // Customer and agent at once is only possible in a session.
    const own = state.customers.get(u.userID)
    if (own && own.stage !== 'session') expect(u.serving.size).toBe(0)
  }
  for (const c of state.customers.values()) {
    expect(c.agent === null).toBe(!holders.has(c.userID))
    if (c.stage === 'waiting') expect(c.agent).toBeNull()
    if (c.stage === 'offered' || c.stage === 'accepted') {
      expect(c.agent).not.toBeNull()
      expect(c.until === null).toBe(c.call !== null)
    }
    if (c.queue !== null) expect(state.queues.get(c.queue)?.customers.has(c.userID)).toBe(true)
  }
  for (const q of state.queues.values()) {
    const inQueue = [...q.customers].map((id) => state.customers.get(id)!)
    const waiting = inQueue.filter((c) => c.stage === 'waiting').sort((x, y) => x.order - y.order)
    expect([...q.waiting]).toEqual(waiting)
    expect([...q.ready]).toEqual(waiting.filter((c) => isReady(state, c)))
    const agents = [...q.agents].map((id) => state.users.get(id)!)
    expect(new Set(q.free)).toEqual(new Set(agents.filter(isFree)))
    expect(q.served).toBe(inQueue.length - inQueue.filter((c) => !c.servedAt).length)
    // No lost wake-up: nobody who could be offered waits while an eligible agent is idle.
    for (const agent of q.free)
      for (const c of q.ready)
        expect(c.cooling.has(agent.userID), `${c.userID} waits, ${agent.userID} is idle`).toBe(true)
  }
}

/** Fairness: nobody is offered to an agent while somebody with a better right is ready for it. */
const checkOffers = (w: World, before: ReadonlyMap<string, string | null>) => {
  for (const u of w.state.users.values()) {
    if (u.customer === null || before.get(u.userID) === u.customer) continue
    const c = w.state.customers.get(u.customer)
    if (c?.stage !== 'offered') continue
    const mine = w.state.queues.get(c.queue!)!
    for (const id of u.serving) {
      const q = w.state.queues.get(id)!
      for (const other of q.ready) {
        if (other.cooling.has(u.userID)) continue
        expect(q.definition.priority).toBeGreaterThanOrEqual(mine.definition.priority)
        if (q.definition.priority === mine.definition.priority)
          expect(other.order).toBeGreaterThan(c.order)
      }
    }
  }
}

it('05 §1.1, §2: pairs are exclusive, nobody waits beside an idle agent, order is fair, whatever happens', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 120 }), (steps) => {
      const w = createWorld(queue(1, { priority: 1 }), queue(2), queue(3, { priority: 1 }))
      const model: Model = { calls: [], away: new Set() }
      w.online(...USERS)
      for (const run of steps) {
        const before = new Map(USERS.map((u) => [u, w.customerOf(u)]))
        run(w, model)
        check(w)
        checkOffers(w, before)
      }
      // When everybody is gone and time has passed nothing is left behind.
      for (const ring of model.calls) ring.end('lost')
      for (const u of USERS) if (!model.away.has(u)) w.offline(u, 'lost')
      w.pass(10 * LIMITS.session)
      expect(w.state.users.size).toBe(0)
      expect(w.state.customers.size).toBe(0)
      expect(w.state.deadlines.size).toBe(0)
      w.desks.close()
      expect(w.clock.pending()).toBe(0)
    }),
    { numRuns: 400 },
  )
}, 60_000)
