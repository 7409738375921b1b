import { LIMITS } from '@yuntang/protocol'
import { beforeEach, describe, expect, it } from 'vitest'
import { createWorld, offerCustomer, queue, startServing, type World } from './world.ts'

let w: World
const serving = () => startServing(w)
const offered = () => offerCustomer(w)

beforeEach(() => {
  w = createWorld(queue(1), queue(2))
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
