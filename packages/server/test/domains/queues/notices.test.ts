import { beforeEach, describe, expect, it } from 'vitest'
import { createWorld, offerCustomer, queue, startServing, type World } from './world.ts'

let w: World
const serving = () => startServing(w)
const offered = () => offerCustomer(w)

beforeEach(() => {
  w = createWorld(queue(1), queue(2))
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
