import { LIMITS, parseBinaryFrame, writeChunk, writeConfirm } from '@yuntang/protocol'
import { describe, expect, it } from 'vitest'
import type { Context, User } from '../../src/actor/context.ts'
import { createFakeClock } from '../../src/core/clock.ts'
import { Transfers } from '../../src/domains/channel/transfers.ts'

const IDLE = LIMITS.resume + LIMITS.taskIdle
const CHUNK = LIMITS.chunkBytes

/** Pages that note what they are told; what they do, the test says. */
const setUp = () => {
  const clock = createFakeClock()
  const transfers = new Transfers(clock, IDLE)
  const page = (userID: string) => {
    const told: string[] = []
    const user = { account: 'demo', userID, nickName: '', proof: '' } as unknown as User
    const link = {
      event: (event: string, data: { task?: string; error?: string; transfer?: number }) =>
        told.push([event, data.task ?? data.transfer, data.error].filter(Boolean).join(' ')),
      bulk: () => {},
    }
    return { ctx: { user, link } as unknown as Context & { user: User }, user, told }
  }
  const [a, b] = [page('a'), page('b')]
  return {
    clock,
    transfers,
    a,
    b,
    offer: (task: string, size = 3 * CHUNK) =>
      transfers.offer(a.ctx, a.user, b.ctx, { task, kind: 'file', size, name: 'f' }),
    receiver: (transfer: number, type: 'finish' | 'delivered') =>
      transfers.command(b.ctx, 'receiver', transfer, { type }),
    accept: (transfer: number, offset = 0) =>
      transfers.command(b.ctx, 'receiver', transfer, { type: 'accept', offset }),
    chunk(transfer: number, n: number) {
      const raw = writeChunk(transfer, n * CHUNK, new Uint8Array(CHUNK))
      const frame = parseBinaryFrame(raw)
      return frame !== null && transfers.frame(a.ctx, frame, raw)
    },
    confirm(transfer: number, n: number) {
      const raw = writeConfirm(transfer, n * CHUNK)
      const frame = parseBinaryFrame(raw)
      return frame !== null && transfers.frame(b.ctx, frame, raw)
    },
    /** Told to both, and nothing is kept. */
    expectOver(task: string, transfer: number) {
      expect(a.told).toContain(`channel.settled ${task} channel.failed`)
      expect(b.told).toContain(`channel.withdrawn ${transfer}`)
      expect(transfers.size).toBe(0)
      expect(clock.pending()).toBe(0)
    },
  }
}
type World = ReturnType<typeof setUp>

describe('04 §2, §3: a task of which nothing moves ends for both sides', () => {
  it.each<[string, (w: World, transfer: number) => void]>([
    ['the receiver never accepts', () => {}],
    ['the sender never sends', (w, t) => w.accept(t)],
    [
      'the receiver never confirms',
      (w, t) => {
        w.accept(t)
        w.chunk(t, 0)
      },
    ],
    [
      'the sender stops half way',
      (w, t) => {
        w.accept(t)
        w.chunk(t, 0)
        w.confirm(t, 1)
      },
    ],
    [
      'the receiver never finishes',
      (w, t) => {
        w.accept(t)
        for (const n of [0, 1, 2]) w.chunk(t, n)
      },
    ],
    [
      'the receiver never delivers',
      (w, t) => {
        w.accept(t)
        for (const n of [0, 1, 2]) w.chunk(t, n)
        w.receiver(t, 'finish')
      },
    ],
  ])('%s', (_what, play) => {
    const w = setUp()
    const transfer = w.offer('t')
    play(w, transfer)
    w.clock.advance(IDLE - 1)
    expect(w.transfers.size).toBe(1)
    w.clock.advance(1)
    w.expectOver('t', transfer)
  })

  it('every step of a slow transfer keeps it alive, and it is well at the end', () => {
    const w = setUp()
    const t = w.offer('t')
    const slowly = (step: () => void) => {
      w.clock.advance(IDLE - 1)
      step()
    }
    slowly(() => w.accept(t))
    for (const n of [0, 1, 2]) {
      slowly(() => expect(w.chunk(t, n)).toBe(true))
      if (n < 2) slowly(() => expect(w.confirm(t, n + 1)).toBe(true))
    }
    slowly(() => w.receiver(t, 'finish'))
    slowly(() => w.receiver(t, 'delivered'))
    expect(w.a.told.at(-1)).toBe('channel.settled t')
    expect(w.clock.pending()).toBe(0)
  })

  it('saying again what was said before moves nothing', () => {
    const w = setUp()
    const t = w.offer('t')
    w.accept(t)
    w.chunk(t, 0)
    for (let i = 0; i < 10 && w.transfers.size > 0; i++) {
      w.clock.advance(IDLE / 5)
      if (w.transfers.size === 0) break
      w.accept(t)
      w.transfers.command(w.a.ctx, 'sender', t, { type: 'continue' })
      w.chunk(t, 0)
    }
    w.expectOver('t', t)
  })

  it('T_RESUME: a silent loss as long as it may be fails nothing', () => {
    const w = setUp()
    const t = w.offer('t')
    w.accept(t)
    w.chunk(t, 0)
    w.clock.advance(LIMITS.dead + LIMITS.resume)
    w.accept(t, CHUNK)
    expect(w.transfers.size).toBe(1)
    expect(w.chunk(t, 1)).toBe(true)
  })

  it('one that waits in the receiver’s line lives while those before it move, no longer', () => {
    const w = setUp()
    const [first, second] = [w.offer('first'), w.offer('second')]
    w.accept(first)
    for (const n of [0, 1, 2]) {
      w.clock.advance(IDLE - 1)
      w.chunk(first, n)
    }
    w.clock.advance(IDLE - 1)
    expect(w.transfers.size).toBe(2)
    w.receiver(first, 'finish')
    w.receiver(first, 'delivered')
    w.clock.advance(IDLE - 1)
    expect(w.transfers.size).toBe(1)
    w.clock.advance(1)
    w.expectOver('second', second)
  })

  it('a later one that the receiver takes first keeps nothing before it alive', () => {
    const w = setUp()
    const [skipped, taken] = [w.offer('skipped'), w.offer('taken')]
    w.accept(taken)
    w.clock.advance(IDLE - 1)
    w.chunk(taken, 0)
    w.clock.advance(1)
    expect(w.a.told).toContain('channel.settled skipped channel.failed')
    expect(w.b.told).toContain(`channel.withdrawn ${skipped}`)
    expect(w.transfers.size).toBe(1)
  })

  it('the end of the server leaves no timer', () => {
    const w = setUp()
    w.offer('t')
    w.transfers.close()
    expect(w.clock.pending()).toBe(0)
  })
})
