import { LIMITS } from '@yuntang/protocol'
import { beforeEach, describe, expect, it } from 'vitest'
import { createWorld, queue, type World } from './world.ts'

let w: World

const serving = () => {
  w.online('a', 'b', 'c', 'd', 'e')
  expect(w.serve('a')).toBe('ok')
  w.look()
}
const offered = () => {
  serving()
  w.join('c')
  expect(w.look('a')).toEqual(['a offered c'])
}

beforeEach(() => {
  w = createWorld(queue(1), queue(2))
})

describe('05 §2.2: the agent table, row by row', () => {
  it('Off | StartService → Idle, and the waiting customer is offered afterwards', () => {
    w.online('a', 'c')
    w.join('c')
    w.look()
    expect(w.serve('a')).toBe('ok')
    expect(w.look('a')).toEqual(['a offered c'])
  })

  it('Idle, Quiet | another StartService → same; serving it again is success', () => {
    serving()
    expect(w.serve('a', 2)).toBe('ok')
    expect(w.serve('a', 2)).toBe('ok')
    w.dnd('a', 1)
    expect(w.serve('a', 1)).toBe('ok')
    expect(w.look()).toEqual([])
  })

  it('Idle | customer available → Offered', () => {
    offered()
    expect(w.customerOf('a')).toBe('c')
  })

  it('Idle, Quiet | ReqAssignUser: someone waits → Offered, nobody → 401', () => {
    serving()
    expect(w.next('a')).toBe(401)
    w.dnd('a', 1)
    expect(w.next('a')).toBe(401)
    w.join('c')
    expect(w.look('a')).toEqual([])
    expect(w.next('a')).toBe('ok')
    expect(w.customerOf('a')).toBe('c')
    // The answer carries the customer: no AutoAssignUser.
    expect(w.look('a')).toEqual([])
  })

  it('Off | ReqAssignUser → 403', () => {
    w.online('a')
    expect(w.next('a')).toBe(403)
  })

  it('Offered, Accepted, Call | ReqAssignUser → 601', () => {
    offered()
    w.join('d')
    expect(w.next('a')).toBe(601)
    w.accept('a', 'c')
    expect(w.next('a')).toBe(601)
    w.ring('a', 'c').accept()
    expect(w.next('a')).toBe(601)
    w.serve('b')
    w.reject('b', 'd')
    w.ring('e', 'b')
    expect(w.next('b')).toBe(601)
  })

  it('Idle | do-not-disturb on, or enters a meeting → Quiet', () => {
    for (const quiet of [() => w.dnd('a', 7), () => w.meeting('a', 12345678)]) {
      w = createWorld(queue(1))
      serving()
      quiet()
      w.join('c')
      w.join('d')
      w.pass(60_000)
      expect(w.look('a')).toEqual([])
    }
  })

  it('Quiet | do-not-disturb off and not in a meeting → Idle, AutoAssignUser if someone waits', () => {
    serving()
    w.dnd('a', 1)
    w.meeting('a', 12345678)
    w.join('c')
    w.dnd('a', 0)
    expect(w.look('a')).toEqual([])
    w.meeting('a', null)
    expect(w.look('a')).toEqual(['a offered c'])
  })

  it('Offered | do-not-disturb on → the offer stands', () => {
    offered()
    w.dnd('a', 1)
    expect(w.accept('a', 'c')).toBe('ok')
  })

  it('Offered | AcceptAssignUser → Accepted; repeating it is 0', () => {
    offered()
    expect(w.accept('a', 'c')).toBe('ok')
    expect(w.accept('a', 'c')).toBe('ok')
    expect(w.stage('c')).toBe('accepted')
    expect(w.reject('a', 'c')).toBe(402)
  })

  it('Offered | RejectAssignUser → Idle; the next offer may follow', () => {
    offered()
    w.join('d')
    w.look()
    expect(w.reject('a', 'c')).toBe('ok')
    expect(w.look('a')).toEqual(['a offered d'])
  })

  it('Offered | T_ASSIGN, customer left, lost → Idle, CancelAssignUser, the next offer follows', () => {
    for (const goes of [
      () => w.pass(LIMITS.assign),
      () => w.leave('c'),
      () => w.link('c', false),
      () => w.offline('c'),
    ]) {
      w = createWorld(queue(1))
      offered()
      w.join('d')
      w.look()
      goes()
      expect(w.look('a')).toEqual(['a withdrawn c', 'a offered d'])
    }
  })

  it('Offered | Call to the customer → Call (timer stopped), AcceptAssignUser then answers 0', () => {
    offered()
    const call = w.ring('a', 'c')
    w.pass(LIMITS.assign)
    expect(w.accept('a', 'c')).toBe('ok')
    expect(w.stage('c')).toBe('accepted')
    w.pass(LIMITS.engage)
    call.accept()
    expect(w.stage('c')).toBe('session')
  })

  it('Accepted | Call fails → still Accepted; T_ENGAGE, customer left or lost → Idle', () => {
    for (const goes of [
      () => w.pass(LIMITS.engage),
      () => w.leave('c'),
      () => w.link('c', false),
    ]) {
      w = createWorld(queue(1))
      offered()
      w.accept('a', 'c')
      w.join('d')
      w.look()
      goes()
      expect(w.look('a')).toEqual(['a withdrawn c', 'a offered d'])
    }
  })

  it('Call | call ended → Idle or Quiet; the next offer may follow', () => {
    offered()
    const call = w.ring('a', 'c')
    call.accept()
    w.meeting('a', 12345678)
    w.join('d')
    w.look()
    call.end('hungUp', 'a')
    expect(w.look('a')).toEqual([])
    w.meeting('a', null)
    expect(w.look('a')).toEqual(['a offered d'])
  })

  it('any but Off | StopService of the last queue → Off; an accepted customer stays', () => {
    offered()
    w.accept('a', 'c')
    w.look()
    expect(w.stop('a')).toBe('ok')
    expect(w.look()).toEqual([])
    expect(w.customerOf('a')).toBe('c')
    const call = w.ring('a', 'c')
    call.accept()
    expect(w.stage('c')).toBe('session')
    call.end('hungUp', 'c')
    w.join('d')
    expect(w.look('a')).toEqual([])
  })

  it('StopService of another queue than that of the offer leaves the offer', () => {
    offered()
    w.serve('a', 2)
    expect(w.stop('a', 2)).toBe('ok')
    expect(w.stage('c')).toBe('offered')
  })
})

describe('05 §5: errors', () => {
  it('StartService: 400 unknown or not permitted, 404 while waiting as a customer', () => {
    w = createWorld(queue(1, { agents: ['a'] }), queue(2))
    w.online('a', 'b', 'c')
    expect(w.serve('a', 1)).toBe('ok')
    expect(w.serve('b', 1)).toBe(400)
    expect(w.serve('a', 9)).toBe(400)
    w.join('c', 2)
    expect(w.serve('c', 2)).toBe(404)
  })

  it('StopService: 400 unknown, 403 not serving it', () => {
    serving()
    expect(w.stop('a', 9)).toBe(400)
    expect(w.stop('a', 2)).toBe(403)
    expect(w.stop('b', 1)).toBe(403)
  })

  it('Accept and Reject: 400 wrong queue, 402 no such offer, ran out, withdrawn or not mine', () => {
    offered()
    w.serve('b')
    for (const answer of [w.accept, w.reject]) {
      expect(answer('a', 'c', 2)).toBe(400)
      expect(answer('a', 'c', 9)).toBe(400)
      expect(answer('a', 'd')).toBe(402)
      expect(answer('b', 'c')).toBe(402)
    }
    w.pass(LIMITS.assign)
    expect(w.accept('a', 'c')).toBe(402)
    expect(w.reject('a', 'c')).toBe(402)
  })
})

describe('05 §1.1: who is offered to whom', () => {
  it('rule 1: queues of the smallest priority number first; equal ones are one group', () => {
    w = createWorld(queue(1, { priority: 5 }), queue(2, { priority: 1 }), queue(3, { priority: 1 }))
    w.online('a', 'c', 'd', 'e')
    w.join('c', 1)
    w.join('d', 3)
    w.join('e', 2)
    w.dnd('a', 1)
    for (const id of [1, 2, 3]) w.serve('a', id)
    for (const [customer, id] of [
      ['d', 3],
      ['e', 2],
      ['c', 1],
    ] as const) {
      w.next('a')
      expect(w.customerOf('a')).toBe(customer)
      w.accept('a', customer, id)
      const call = w.ring('a', customer)
      call.accept()
      call.end('hungUp', 'a')
    }
  })

  it('rule 3: customers in a call are skipped until it is over', () => {
    w.online('a', 'c', 'd', 'e')
    w.join('c')
    const call = w.ring('e', 'c')
    w.serve('a')
    expect(w.look('a')).toEqual([])
    call.end('cancelled', 'e')
    expect(w.look('a')).toEqual(['a offered c'])
  })

  it('rule 4: the agent free for the longest time gets the customer', () => {
    w.online('a', 'b', 'c', 'd')
    w.serve('a')
    w.serve('b')
    w.dnd('a', 1)
    w.dnd('a', 0)
    w.join('c')
    w.join('d')
    expect(w.look('a', 'b')).toEqual(['b offered c', 'a offered d'])
  })

  it('T_COOLDOWN: not again to who declined, at once to others, and again when it asks', () => {
    serving()
    w.join('c')
    w.reject('a', 'c')
    w.look()
    w.pass(LIMITS.cooldown - 1)
    expect(w.look('a')).toEqual([])
    w.pass(1)
    expect(w.look('a')).toEqual(['a offered c'])
    w.reject('a', 'c')
    expect(w.next('a')).toBe('ok')
    w.reject('a', 'c')
    w.serve('b')
    expect(w.look('b')).toEqual(['b offered c'])
  })

  it('06: an agent in a call is not offered anybody', () => {
    serving()
    const call = w.ring('e', 'a', 'invite')
    w.join('c')
    expect(w.look('a')).toEqual([])
    call.accept()
    expect(w.look('a')).toEqual([])
    call.end('hungUp', 'a')
    expect(w.look('a')).toEqual(['a offered c'])
  })
})

describe('05 §8: loss of connection', () => {
  it('inside T_RESUME the agent counts as serving and gets no offers', () => {
    serving()
    w.link('a', false)
    w.join('c')
    expect(w.look('a')).toEqual([])
    expect(w.state.queues.get(1)?.agents.size).toBe(1)
    w.link('a', true)
    expect(w.look('a')).toEqual(['a offered c'])
  })

  it('an unanswered offer of a lost agent is withdrawn at once', () => {
    offered()
    w.link('a', false)
    expect(w.stage('c')).toBe('waiting')
    expect(w.look()).toEqual(['a withdrawn c'])
  })

  it.each(['lost', 'replaced'] as const)(
    'services are suspended (%s) and come back with InitQueueDat within T_SESSION',
    (how) => {
      serving()
      w.serve('a', 2)
      w.offline('a', how)
      expect(w.state.queues.get(1)?.agents.size).toBe(0)
      w.pass(LIMITS.session - 1)
      w.online('a')
      expect(w.state.queues.get(1)?.agents.size).toBe(0)
      w.pass(LIMITS.session)
      w.do({ type: 'resumeServices', userID: 'a' })
      expect([...(w.state.users.get('a')?.serving ?? [])]).toEqual([1, 2])
      w.join('c')
      expect(w.look('a')).toEqual(['a offered c'])
    },
  )

  it('not after T_SESSION, and not after a deliberate logout', () => {
    for (const how of ['lost', 'logout'] as const) {
      w = createWorld(queue(1))
      serving()
      w.offline('a', how)
      w.pass(how === 'lost' ? LIMITS.session : 0)
      w.online('a')
      w.do({ type: 'resumeServices', userID: 'a' })
      expect(w.state.users.get('a')?.serving.size).toBe(0)
    }
  })

  it('an accepted call outlives the sessions of both, and nobody is kept afterwards', () => {
    offered()
    const call = w.ring('a', 'c')
    call.accept()
    w.offline('a', 'lost')
    w.offline('c', 'lost')
    expect(w.stage('c')).toBe('session')
    expect(w.state.queues.get(1)?.served).toBe(1)
    w.online('c')
    expect(w.place('c').queue).toBe(-2)
    w.look()
    call.end('lost', 'a')
    expect(w.look('c')).toEqual(['c place -1'])
    w.offline('c', 'logout')
    w.pass(LIMITS.session)
    expect(w.state.customers.size).toBe(0)
    expect([...w.state.users.keys()].sort()).toEqual(['b', 'd', 'e'])
  })

  it('02 §6: a call from the agent to its customer passes do-not-disturb, no other does', () => {
    offered()
    expect(w.desks.paired('demo', 'a', 'c')).toBe(true)
    expect(w.desks.paired('demo', 'b', 'c')).toBe(false)
    expect(w.desks.paired('demo', 'a', 'd')).toBe(false)
    expect(w.desks.paired('other', 'a', 'c')).toBe(false)
    w.reject('a', 'c')
    expect(w.desks.paired('demo', 'a', 'c')).toBe(false)
  })
})

describe('05 §6, §7: what is merged, and the order in one instant', () => {
  const statuses = (to: string) =>
    w
      .raw()
      .filter((m) => m.to === to && m.event === 'queues.status')
      .map((m) => Object.values(m.data as object))

  it('QueueStatusChanged: at most 2 a second, and the last value always arrives', () => {
    serving()
    w.pass(1000)
    w.raw()
    for (let i = 0; i < 50; i++) {
      w.online(`x${i}`)
      w.join(`x${i}`)
    }
    const first = statuses('a')
    expect(first.length).toBeLessThanOrEqual(2)
    w.pass(1000)
    expect(statuses('a')).toEqual([[1, 1, 49, 0]])
    w.pass(10_000)
    expect(statuses('a')).toEqual([])
  })

  it('positions: at most once a second and customer, only when changed, and the last arrives', () => {
    w.online('c', 'd', 'e', 'f')
    for (const u of ['c', 'd', 'e', 'f']) w.join(u)
    w.pass(1000)
    w.look()
    w.leave('c')
    w.leave('d')
    expect(w.look('f')).toEqual([])
    w.pass(1000)
    expect(w.look('e', 'f')).toEqual(['e place 1:0', 'f place 1:1'])
    w.pass(5000)
    expect(w.look()).toEqual([])
  })

  it('own place, then CancelAssignUser and AutoAssignUser, then QueueStatusChanged', () => {
    offered()
    w.join('d')
    w.pass(5000)
    w.raw()
    w.leave('c')
    expect(w.raw().map((m) => [m.to, m.event])).toEqual([
      ['c', 'queues.queuing'],
      ['a', 'queues.withdrawn'],
      ['a', 'queues.offered'],
      ['a', 'queues.status'],
      ['d', 'queues.status'],
    ])
  })
})
