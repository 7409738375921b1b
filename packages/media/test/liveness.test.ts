import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Liveness } from '../src/producer/liveness.ts'

/** A layer beside another one that makes ten pictures a second. */
const beside = (isLarger: boolean) => {
  const live = new Liveness()
  let now = 1_000
  let owed = 0
  return {
    live,
    get now() {
      return now
    },
    /** So many of its own for each of the other's; whether it was there after each. */
    run(seconds: number, pace: number): boolean[] {
      return Array.from({ length: seconds * 10 }, () => {
        now += 100
        live.outrun(now, isLarger)
        owed += pace
        if (owed >= 1) {
          owed -= 1
          live.packet(now)
          live.picture()
        }
        return live.isAvailable(now)
      })
    },
  }
}

describe('findings §4.3: a large layer that its sender cannot keep up with is left for the small one', () => {
  it('at 3 pictures of 10 within two seconds, and as long as it goes on so', () => {
    const { run } = beside(true)
    expect(run(5, 1)).not.toContain(false)
    const slow = run(30, 0.3)
    expect(slow.indexOf(false)).toBeLessThan(20)
    expect(slow.slice(20)).not.toContain(true)
  })

  it('comes back a second after it keeps up again, and stays', () => {
    const { run } = beside(true)
    run(5, 1)
    run(10, 0.3)
    const again = run(10, 1)
    expect(again.indexOf(true)).toBeGreaterThanOrEqual(9)
    expect(again.indexOf(true)).toBeLessThan(14)
    expect(again.slice(14)).not.toContain(false)
  })

  it('each time that it does so again soon, twice as long, up to four seconds', () => {
    const { run } = beside(true)
    run(15, 1)
    const waits = [1, 2, 3, 4, 5].map(() => {
      run(4, 0.3)
      return run(9, 1).indexOf(true)
    })
    for (const [i, tenths] of [10, 20, 40, 40, 40].entries())
      expect(Math.abs((waits[i] ?? 0) - tenths)).toBeLessThanOrEqual(4)
    run(15, 1)
    run(4, 0.3)
    expect(run(9, 1).indexOf(true)).toBeLessThan(14)
  })

  it('one that leaves out up to four pictures of ten stays for good', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.6, max: 1, noNaN: true }), (pace) => {
        const { run } = beside(true)
        run(1, 1)
        expect(run(60, pace)).not.toContain(false)
      }),
      { numRuns: 50, seed: 30 },
    )
  })

  it('a picture that is late by 100 ms is none left out', () => {
    const { run } = beside(true)
    run(5, 1)
    expect([...run(0.1, 0), ...run(5, 1)]).not.toContain(false)
  })

  it('a key frame takes the room of half a second: that is no stumbling, and longer is', () => {
    const layer = beside(true)
    layer.run(5, 1)
    layer.live.keyFrame(layer.now)
    expect([...layer.run(0.4, 0), ...layer.run(3, 1)]).not.toContain(false)
    layer.live.keyFrame(layer.now)
    expect(layer.run(1, 0).at(-1)).toBe(false)
  })

  it('one that had gone altogether is taken again after a second, however often it faltered before', () => {
    const { run } = beside(true)
    run(15, 1)
    for (let i = 0; i < 4; i++) {
      run(4, 0.3)
      run(5, 1)
    }
    run(4, 0)
    expect(run(5, 1).indexOf(true)).toBeLessThanOrEqual(11)
  })

  it('the smaller one has nothing to fall back on: it is there while it comes', () => {
    const { run } = beside(false)
    run(5, 1)
    expect(run(30, 0.5)).not.toContain(false)
  })

  it('what rests, and what was asked for a moment ago, is to be had', () => {
    const layer = beside(true)
    layer.run(5, 1)
    layer.live.request(false, layer.now)
    expect(layer.run(30, 0)).not.toContain(false)
    layer.live.request(true, layer.now)
    expect(layer.run(1.5, 0)).not.toContain(false)
    expect(layer.run(5, 1)).not.toContain(false)
    expect(layer.run(2.5, 0).at(-1)).toBe(false)
  })
})
