import { LIMITS } from '@yuntang/protocol'
import { beforeEach, describe, expect, it } from 'vitest'
import { createWorld, queue, type World } from './world.ts'

let w: World

/** A customer `c` in the wanted state; the agent is `a`. */
const waiting = () => {
  w.online('a', 'b', 'c', 'd')
  w.join('c')
  w.look()
}
const offered = () => {
  waiting()
  w.serve('a')
  expect(w.look()).toEqual(['a offered c'])
}
const accepted = () => {
  offered()
  expect(w.accept('a', 'c')).toBe('ok')
  w.look()
}
const session = () => {
  accepted()
  const call = w.ring('a', 'c')
  call.accept()
  w.look()
  return call
}

beforeEach(() => {
  w = createWorld(queue(1), queue(2))
})

describe('05 §2.1: the customer table, row by row', () => {
  it('None | StartQueuing accepted → Waiting, and the customer hears its place', () => {
    w.online('c')
    expect(w.join('c')).toBe('ok')
    expect(w.stage('c')).toBe('waiting')
    expect(w.look()).toEqual(['c place 1:0'])
  })

  it('Waiting | someone in front leaves → the new position', () => {
    waiting()
    w.join('d')
    expect(w.place('d')).toMatchObject({ queue: 1, position: 1 })
    w.look()
    w.leave('c')
    w.pass(1000)
    expect(w.look('d')).toEqual(['d place 1:0'])
  })

  it('Waiting | StopQueuing → None, −1', () => {
    waiting()
    expect(w.leave('c')).toBe('ok')
    expect(w.stage('c')).toBe('none')
    expect(w.look()).toEqual(['c place -1'])
    expect(w.leave('c')).toBe('ok')
    expect(w.look()).toEqual([])
  })

  it('Waiting | chosen → Offered: still shown as waiting at position 0, the agent gets the user', () => {
    waiting()
    w.pass(7_900)
    w.serve('a')
    const offer = w.raw().find((m) => m.event === 'queues.offered')
    expect(offer).toEqual({
      to: 'a',
      event: 'queues.offered',
      data: {
        queue: 1,
        userID: 'c',
        name: 'Nick c',
        text: '',
        waited: 7_900,
        answerIn: LIMITS.assign,
      },
    })
    expect(w.stage('c')).toBe('offered')
    expect(w.place('c')).toEqual({ queue: 1, position: 0, waited: 7_900 })
  })

  it('Offered | agent accepts → Accepted, −2 with the time waited', () => {
    waiting()
    w.serve('a')
    w.look()
    w.pass(5_000)
    w.accept('a', 'c')
    w.pass(9_000)
    expect(w.place('c')).toEqual({ queue: -2, position: 0, waited: 5_000 })
    expect(w.look()).toEqual(['c place -2'])
  })

  it('Offered | agent rejects → Waiting at the head, nobody is told', () => {
    offered()
    w.join('d')
    w.look()
    expect(w.reject('a', 'c')).toBe('ok')
    expect(w.stage('c')).toBe('waiting')
    expect(w.place('c').position).toBe(0)
    // The next offer may follow.
    expect(w.look('a', 'c')).toEqual(['a offered d'])
  })

  it('Offered | T_ASSIGN over → Waiting at the head, CancelAssignUser', () => {
    offered()
    w.pass(LIMITS.assign - 1)
    expect(w.stage('c')).toBe('offered')
    w.pass(1)
    expect(w.stage('c')).toBe('waiting')
    expect(w.look('a', 'c')).toEqual(['a withdrawn c'])
  })

  it('Offered | agent stops service → Waiting, head, CancelAssignUser', () => {
    offered()
    expect(w.stop('a')).toBe('ok')
    expect(w.stage('c')).toBe('waiting')
    expect(w.look()).toEqual(['a withdrawn c'])
  })

  it.each(['logout', 'lost', 'replaced'] as const)(
    'Offered | agent gone (%s) → Waiting, head; another agent gets it at once',
    (how) => {
      offered()
      w.serve('b')
      w.offline('a', how)
      expect(w.look()).toEqual(['b offered c'])
      expect(w.place('c').position).toBe(0)
    },
  )

  it('Offered, Accepted without call | StopQueuing → None, −1, CancelAssignUser', () => {
    offered()
    expect(w.leave('c')).toBe('ok')
    expect(w.look()).toEqual(['c place -1', 'a withdrawn c'])
    w.join('c')
    w.accept('a', 'c')
    w.look()
    expect(w.leave('c')).toBe('ok')
    expect(w.stage('c')).toBe('none')
    expect(w.look()).toEqual(['c place -1', 'a withdrawn c'])
  })

  it("Offered, Accepted | the agent's Call rings → same state, its timer stopped", () => {
    offered()
    w.ring('a', 'c')
    w.pass(LIMITS.assign + LIMITS.engage)
    expect(w.stage('c')).toBe('offered')
    expect(w.leave('c')).toBe('ok')
    expect(w.stage('c')).toBe('offered')
    w = createWorld(queue(1))
    accepted()
    w.ring('a', 'c')
    w.pass(LIMITS.assign + LIMITS.engage)
    expect(w.stage('c')).toBe('accepted')
    expect(w.look()).toEqual([])
  })

  it('Offered with ringing call | customer accepts the call → Session, −2', () => {
    offered()
    w.ring('a', 'c').accept()
    expect(w.stage('c')).toBe('session')
    expect(w.look()).toEqual(['c place -2'])
    // Acceptance of the offer is implied, and saying it again is harmless.
    expect(w.accept('a', 'c')).toBe('ok')
    expect(w.look()).toEqual([])
  })

  it('Accepted with ringing call | customer accepts the call → Session, nothing new to tell', () => {
    accepted()
    w.ring('a', 'c').accept()
    expect(w.stage('c')).toBe('session')
    expect(w.look()).toEqual([])
  })

  it.each([
    ['refuses', 'refused', 'c'],
    ['does not answer for T_RING', 'unanswered', undefined],
    ['hangs up while it rings', 'hungUp', 'c'],
  ] as const)('Offered, Accepted with ringing call | customer %s → None, −1', (_what, end, by) => {
    for (const prepare of [offered, accepted]) {
      w = createWorld(queue(1))
      prepare()
      w.ring('a', 'c').end(end, by)
      expect(w.stage('c')).toBe('none')
      expect(w.look()).toEqual(['c place -1'])
      expect(w.customerOf('a')).toBeNull()
    }
  })

  it('Offered, Accepted with ringing call | agent hangs up → Waiting, head; both are told', () => {
    for (const prepare of [offered, accepted]) {
      w = createWorld(queue(1))
      prepare()
      w.ring('a', 'c').end('cancelled', 'a')
      expect(w.stage('c')).toBe('waiting')
      expect(w.look()).toEqual(['c place 1:0', 'a withdrawn c'])
    }
  })

  it('Accepted without call | T_ENGAGE over → Waiting, head; both are told', () => {
    accepted()
    w.pass(LIMITS.engage - 1)
    expect(w.stage('c')).toBe('accepted')
    w.pass(1)
    expect(w.look()).toEqual(['c place 1:0', 'a withdrawn c'])
    expect(w.stage('c')).toBe('waiting')
  })

  it('Session | call ends → None, −1, and the agent is free again', () => {
    const call = session()
    expect(w.leave('c')).toBe('ok')
    expect(w.stage('c')).toBe('session')
    w.join('d')
    w.look()
    call.end('hungUp', 'a')
    expect(w.stage('c')).toBe('none')
    expect(w.look()).toEqual(['c place -1', 'a offered d'])
  })

  it('Waiting, Offered | accepts a call from someone else → Session outside the queue', () => {
    waiting()
    const call = w.ring('d', 'c')
    call.accept()
    expect(w.look()).toEqual(['c place -2'])
    expect(w.state.queues.get(1)?.served).toBe(0)
    call.end('hungUp', 'c')
    expect(w.look()).toEqual(['c place -1'])

    w = createWorld(queue(1))
    offered()
    w.ring('d', 'c').accept()
    expect(w.look()).toEqual(['c place -2', 'a withdrawn c'])
    expect(w.customerOf('a')).toBeNull()
  })

  it('Waiting | link lost → keeps its place and is skipped, until it is back', () => {
    waiting()
    w.join('d')
    w.link('c', false)
    w.look()
    w.serve('a')
    expect(w.look('a')).toEqual(['a offered d'])
    expect(w.place('c').position).toBe(0)
    w.serve('b')
    expect(w.look('b')).toEqual([])
    w.link('c', true)
    expect(w.look('b')).toEqual(['b offered c'])
  })

  it('Offered | link lost → Waiting, head, skipped; CancelAssignUser', () => {
    offered()
    w.link('c', false)
    expect(w.look()).toEqual(['a withdrawn c'])
    expect(w.stage('c')).toBe('waiting')
    w.link('c', true)
    expect(w.look()).toEqual(['a offered c'])
  })

  it('Accepted without call | link lost → Waiting, head; told after the resume', () => {
    accepted()
    w.stop('a')
    w.link('c', false)
    expect(w.look()).toEqual(['a withdrawn c'])
    w.link('c', true)
    expect(w.look()).toEqual(['c place 1:0'])
  })

  it('Waiting | logout or session ended → None', () => {
    for (const how of ['logout', 'lost', 'replaced'] as const) {
      waiting()
      w.offline('c', how)
      expect(w.stage('c')).toBe('none')
      expect(w.look()).toEqual([])
    }
  })

  it('02 §3: logging out while offered or accepted → CancelAssignUser', () => {
    for (const prepare of [offered, accepted]) {
      w = createWorld(queue(1))
      prepare()
      w.offline('c', 'logout')
      expect(w.stage('c')).toBe('none')
      expect(w.look()).toEqual(['a withdrawn c'])
    }
  })

  it('any | queue deleted → None, −1, CancelAssignUser if offered or accepted', () => {
    for (const prepare of [waiting, offered, accepted]) {
      w = createWorld(queue(1))
      prepare()
      w.do({ type: 'delete', queue: 1 })
      expect(w.stage('c')).toBe('none')
      const seen = w.look()
      expect(seen).toContain('c place -1')
      expect(seen.includes('a withdrawn c')).toBe(prepare !== waiting)
      expect(seen.includes('a deleted 1')).toBe(prepare !== waiting)
      expect(w.join('c')).toBe(400)
    }
  })

  it('Session | queue deleted → talks on outside the queue, −1 when the call ends', () => {
    const call = session()
    w.do({ type: 'delete', queue: 1 })
    expect(w.place('c').queue).toBe(-2)
    w.look()
    call.end('hungUp', 'c')
    expect(w.look()).toEqual(['c place -1'])
  })
})

describe('05 §4: errors of StartQueuing', () => {
  it('400 no such queue, 404 elsewhere or serving, 601 in a call, 802 full', () => {
    w = createWorld(queue(1, { maxWaiting: 1 }), queue(2))
    w.online('a', 'b', 'c', 'd')
    expect(w.join('c', 9)).toBe(400)
    expect(w.join('c', 1)).toBe('ok')
    expect(w.join('c', 2)).toBe(404)
    expect(w.join('d', 1)).toBe(802)
    w.serve('a', 2)
    expect(w.join('a', 2)).toBe(404)
    w.ring('b', 'd')
    expect(w.join('d', 2)).toBe(601)
    expect(w.join('b', 2)).toBe(601)
  })

  it('already waiting in the same queue: place kept, free text replaced', () => {
    w.online('a', 'c', 'd')
    w.join('c', 1, 'first')
    w.join('d')
    expect(w.join('c', 1, 'second')).toBe('ok')
    expect(w.place('c').position).toBe(0)
    w.serve('a')
    expect(w.raw().find((m) => m.event === 'queues.offered')?.data).toMatchObject({
      userID: 'c',
      text: 'second',
    })
  })

  it('05 §9: the longest waiting time removes a waiting customer, also after it came back', () => {
    w = createWorld(queue(1, { maxWaitMs: 40_000 }))
    w.online('a', 'c', 'd')
    w.join('c')
    w.pass(20_000)
    w.serve('a')
    w.look()
    w.pass(20_000)
    expect(w.stage('c')).toBe('offered')
    w.pass(10_000)
    expect(w.look('c', 'a')).toEqual(['a withdrawn c', 'c place -1'])
  })
})
