import { LIMITS } from '@yuntang/protocol'
import { beforeEach, describe, expect, it } from 'vitest'
import { createWorld, offerCustomer, queue, startServing, type World } from './world.ts'

let w: World
const serving = () => startServing(w)
const offered = () => offerCustomer(w)

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
