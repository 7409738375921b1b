import { createHash } from 'node:crypto'
import { EVIDENCE, type Progress, type Stamp } from '@yuntang/protocol'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { chunksOf, noise } from '../../../protocol/test/evidence/support.ts'
import { createFakeClock, type FakeClock } from '../../../server/src/core/clock.ts'
import { createRecordingEvidence } from '../../src/evidence/recording-evidence.ts'
import { createMemoryStamps, type StampStore } from '../../src/evidence/stamp-store.ts'
import type { Send } from '../../src/link/link.ts'

const ID = '0123456789abcdef'.repeat(2)
const content = noise(300_000, 5)
const OPTIONS = { path: 'a.mp4' }
const turns = async () => {
  for (let i = 0; i < 30; i++) await new Promise((go) => setImmediate(go))
}

describe('evidence of a recording on the page', () => {
  let clock: FakeClock
  let stamps: StampStore
  let isConnected: boolean
  let asked: { method: string; params: unknown }[]
  let answer: (progress: Progress) => Promise<Stamp>
  const stampFor = (progress: Progress): Stamp => ({
    ...progress,
    time: clock.now(),
    account: 'demo',
    userID: 'anna',
    meeting: 1,
    signature: 'x',
  })
  const make = () =>
    createRecordingEvidence({
      env: { after: clock.schedule },
      digest: async (bytes) => createHash('sha256').update(bytes).digest(),
      stamps,
      connected: () => isConnected,
      wallClock: clock.now,
      send: (async (method: string, params: never) => {
        asked.push({ method, params })
        return method === 'evidence.stamp' ? { stamp: await answer(params) } : {}
      }) as unknown as Send,
    })
  const pass = async (ms: number) => {
    clock.advance(ms)
    await turns()
  }
  const kept = async () => (await stamps.of(ID))?.map(({ bytes, final }) => [bytes, final])
  const whole = (until: number) => {
    let sum = 0
    for (const [length] of chunksOf(content)) {
      if (sum + length > until) break
      sum += length
    }
    return sum
  }

  beforeEach(() => {
    clock = createFakeClock()
    stamps = createMemoryStamps()
    isConnected = true
    asked = []
    answer = async (progress) => stampFor(progress)
    vi.spyOn(console, 'warn').mockImplementation(() => {})
  })

  it('is stamped at the beginning, every ten seconds and at the stop, as far as it has come', async () => {
    const evidence = make()
    evidence.begun(ID, OPTIONS)
    await turns()
    for (let at = 0; at < 200_000; at += 10_000)
      evidence.written(ID, content.slice(at, at + 10_000))
    await pass(10_000)
    evidence.written(ID, content.slice(200_000))
    await pass(9_999)
    evidence.ended(ID, true)
    await turns()
    expect(await kept()).toEqual([
      [0, false],
      [whole(200_000), false],
      [content.length, true],
    ])
    await pass(60_000)
    expect(asked).toHaveLength(3)
    expect(clock.pending()).toBe(0)
  })

  it('without a connection there are fewer stamps, and they go on when it is back', async () => {
    const evidence = make()
    evidence.begun(ID, { ...OPTIONS, evidence: true })
    await turns()
    isConnected = false
    await pass(20_000)
    isConnected = true
    await pass(10_000)
    evidence.ended(ID, true)
    await turns()
    expect(await kept()).toHaveLength(3)
  })

  it('a stamp that is slow is not asked for twice; one that fails stops nothing', async () => {
    const evidence = make()
    let late = () => {}
    answer = (progress) => new Promise((go) => (late = () => go(stampFor(progress))))
    evidence.begun(ID, OPTIONS)
    await pass(30_000)
    expect(asked).toHaveLength(1)
    late()
    await turns()
    answer = async () => {
      throw new Error('no')
    }
    await pass(10_000)
    answer = async (progress) => stampFor(progress)
    await pass(10_000)
    expect(await kept()).toHaveLength(2)
    evidence.close()
    expect(clock.pending()).toBe(0)
  })

  it('by default it is on when the server is there, and off when it is not or not wanted', async () => {
    const evidence = make()
    evidence.begun(ID, { ...OPTIONS, evidence: false })
    isConnected = false
    evidence.begun('f'.repeat(32), OPTIONS)
    isConnected = true
    await pass(10_000)
    expect(asked).toEqual([])
    const never = new AbortController().signal
    expect(await evidence.handIn(ID, never)).toBe(null)
    expect(await evidence.handIn('f'.repeat(32), never)).toBe(null)
  })

  it('hands all stamps in, in parts, after the one at the end', async () => {
    const evidence = make()
    evidence.begun(ID, OPTIONS)
    await turns()
    const [first] = (await stamps.of(ID)) as [Stamp]
    for (let i = 0; i < 2 * EVIDENCE.stampsPerFrame; i++) await stamps.add(first)
    asked = []
    let late = () => {}
    answer = (progress) => new Promise((go) => (late = () => go(stampFor(progress))))
    evidence.ended(ID, true)
    const handing = evidence.handIn(ID, new AbortController().signal)
    await turns()
    expect(asked.map(({ method }) => method)).toEqual(['evidence.stamp'])
    late()
    expect(await handing).toEqual({ recording: ID, stamps: 2 * EVIDENCE.stampsPerFrame + 2 })
    const parts = asked.slice(1).map(({ params }) => params as { from: number; stamps: Stamp[] })
    expect(parts.map(({ from, stamps: part }) => [from, part.length])).toEqual([
      [0, 200],
      [200, 200],
      [400, 2],
    ])
  })

  it('nothing stays of a recording that was thrown away, and of one whose file is gone after a day', async () => {
    const evidence = make()
    evidence.begun(ID, OPTIONS)
    await turns()
    evidence.ended(ID, false)
    await turns()
    expect(await stamps.of(ID)).toBe(null)
    const [gone, there] = ['a'.repeat(32), 'b'.repeat(32)]
    await stamps.begin(gone, clock.now())
    await stamps.begin(there, clock.now())
    await evidence.tidy(new Set([there]))
    expect(await stamps.of(gone)).toEqual([])
    clock.advance(24 * 3_600_000 + 1)
    await evidence.tidy(new Set([there]))
    expect(await stamps.of(gone)).toBe(null)
    expect(await stamps.of(there)).toEqual([])
  })
})
