import { describe, expect, it } from 'vitest'
import { CbProxy } from '../../src/crvideo/cb-proxy.ts'
import { Delivery, parseArgument } from '../../src/crvideo/delivery.ts'
import { SLOTS, type SlotName } from '../../src/crvideo/slot-names.ts'

function setup() {
  const slots = Object.fromEntries(
    Object.keys(SLOTS).map((name) => [name, new CbProxy(`CRVideo_${name}`)]),
  ) as Record<SlotName, CbProxy>
  const reported: unknown[] = []
  const deferred: (() => void)[] = []
  const yielded: (() => void)[] = []
  const delivery = new Delivery(slots, {
    defer: (run) => deferred.push(run),
    yield: (run) => yielded.push(run),
    report: (error) => reported.push(error),
  })
  const flush = () => {
    for (let run = deferred.shift(); run; run = deferred.shift()) run()
  }
  return { slots, delivery, reported, flush, yielded }
}

describe('delivery', () => {
  it('00 §3 rules 1, 7: asynchronous, and the handler is read at delivery', () => {
    const { slots, delivery, flush } = setup()
    const seen: unknown[] = []
    delivery.emit('LineOff', [10])
    expect(seen).toEqual([])
    slots.LineOff.callback = (code: number) => seen.push(code)
    flush()
    expect(seen).toEqual([10])
  })

  it('00 §3 rule 6: one FIFO, never re-entered, also for events made by a handler', () => {
    const { slots, delivery, flush } = setup()
    const seen: string[] = []
    slots.LoginSuccess.callback = () => {
      delivery.emit('MeetingStopped', [])
      seen.push('login ends')
    }
    slots.LineOff.callback = () => seen.push('line off')
    slots.MeetingStopped.callback = () => seen.push('stopped')
    delivery.emit('LoginSuccess', ['u', ''])
    delivery.emit('LineOff', [10])
    flush()
    expect(seen).toEqual(['login ends', 'line off', 'stopped'])
  })

  it('00 §3 rule 5: a thrown error is reported and the next event delivered', () => {
    const { slots, delivery, reported, flush } = setup()
    const error = new Error('page')
    let next = false
    slots.LineOff.callback = () => {
      throw error
    }
    slots.MeetingStopped.callback = () => {
      next = true
    }
    delivery.emit('LineOff', [10])
    delivery.emit('MeetingStopped', [])
    flush()
    expect(reported).toEqual([error])
    expect(next).toBe(true)
  })

  it('00 §3 rule 4: `this` is undefined and a rejection is reported', async () => {
    const { slots, delivery, reported, flush } = setup()
    let self: unknown = 'unset'
    slots.LineOff.callback = async function (this: unknown) {
      self = this
      throw new Error('later')
    }
    delivery.emit('LineOff', [10])
    flush()
    await Promise.resolve()
    expect(self).toBeUndefined()
    expect(reported).toHaveLength(1)
  })

  it('00 §3 rule 3: an own `call` function is used when there is no callback', () => {
    const { slots, delivery, flush } = setup()
    const seen: unknown[] = []
    Object.assign(slots.LineOff, { call: (code: number) => seen.push(code) })
    delivery.emit('LineOff', [206])
    flush()
    expect(seen).toEqual([206])
  })

  it('00 §3 rule 9: cleared and no longer living events are dropped', () => {
    const { slots, delivery, flush } = setup()
    const seen: unknown[] = []
    slots.LineOff.callback = (code: number) => seen.push(code)
    delivery.emit('LineOff', [1])
    delivery.clear()
    delivery.emit('LineOff', [2], { alive: () => false })
    delivery.emit('LineOff', [3])
    flush()
    expect(seen).toEqual([3])
  })

  it('00 §3 arity: a handler with four parameters gets the long shape', () => {
    const { slots, delivery, flush } = setup()
    const seen: unknown[] = []
    slots.NotifyShareRectChanged.callback = (...args: unknown[]) => seen.push(args)
    delivery.emit('NotifyShareRectChanged', [3, 4], { ifLength4: [1, 2, 3, 4] })
    flush()
    slots.NotifyShareRectChanged.callback = (x: number, y: number, w: number, h: number) =>
      seen.push([x, y, w, h])
    delivery.emit('NotifyShareRectChanged', [3, 4], { ifLength4: [1, 2, 3, 4] })
    flush()
    expect(seen).toEqual([
      [3, 4],
      [1, 2, 3, 4],
    ])
  })

  it('00 §3: a user ID is never parsed, in either shape of a slot', () => {
    const { slots, delivery, flush } = setup()
    const seen: unknown[] = []
    slots.NotifyCallAccepted.callback = (call: unknown, meet: unknown, by: unknown, ext: unknown) =>
      seen.push([call, meet, by, ext])
    const ifLength4 = ['[1]', { ID: 1 }, '{"user":1}', '{"a":1}']
    delivery.emit('NotifyCallAccepted', ['[1]', { ID: 1 }, '{"a":1}'], { ifLength4 })
    flush()
    expect(seen).toEqual([['[1]', { ID: 1 }, '{"user":1}', { a: 1 }]])
  })

  it('00 §3 rule 4: a rejection of any thenable is reported', async () => {
    const { slots, delivery, reported, flush } = setup()
    slots.LineOff.callback = () => ({
      // biome-ignore lint/suspicious/noThenProperty: a promise of another realm looks like this
      then: (_done: unknown, failed: (error: unknown) => void) => failed('refused'),
    })
    delivery.emit('LineOff', [10])
    flush()
    expect(reported).toEqual(['refused'])
  })

  it('00 §2: a handler that always causes the next event lets the page have its turn', () => {
    const { slots, delivery, flush, yielded } = setup()
    let times = 0
    slots.LineOff.callback = () => {
      times++
      delivery.emit('LineOff', [10])
    }
    delivery.emit('LineOff', [10])
    flush()
    const first = times
    expect(yielded).toHaveLength(1)
    yielded.shift()?.()
    expect(times).toBe(2 * first)
  })
})

describe('argument texts', () => {
  it.each([
    ['cookie', ' {"a":1}', { a: 1 }],
    ['cookie', '[1]', [1]],
    ['cookie', '\u00a0[1]\ufeff', [1]],
    ['cookie', '12', '12'],
    ['cookie', 'true', 'true'],
    ['cookie', '{broken', '{broken'],
    ['userID', '{"a":1}', '{"a":1}'],
    ['taskID', '[1]', '[1]'],
  ])('00 §3: %s %j is delivered as %j', (name, given, expected) => {
    expect(parseArgument(name, given)).toEqual(expected)
  })
})
