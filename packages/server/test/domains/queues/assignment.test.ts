import { LIMITS } from '@yuntang/protocol'
import { beforeEach, describe, expect, it } from 'vitest'
import { createWorld, queue, startServing, type World } from './world.ts'

let w: World
const serving = () => startServing(w)

beforeEach(() => {
  w = createWorld(queue(1), queue(2))
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
