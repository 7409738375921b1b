import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createRenewal } from '../../src/recording/sound-renewal.ts'

const RATE = 15

/** A machine on which the mix loses sound; what it lost stays in front of it until it is made anew. */
const machine = () => {
  const at = { page: 100, ahead: 3 }
  let late = 0
  let renewals = 0
  const renewal = createRenewal(
    () => at.ahead,
    () => at.page,
  )
  return {
    get late() {
      return late
    },
    get renewals() {
      return renewals
    },
    /** One picture; `lost` seconds of sound, `drift` of the clocks per second. */
    tick(lost: number, drift = 0) {
      at.page += 1 / RATE + lost
      at.ahead += lost + drift / RATE
      late += lost
      if (!renewal.due()) return
      late = 0
      renewals++
    },
    run(seconds: number, { lost = 0, drift = 0 }) {
      for (let i = 0; i < seconds * RATE; i++) this.tick(lost / RATE, drift)
    },
  }
}

describe('10 §2.1: sound and picture do not part under load', () => {
  it('clocks that part by 200 millionths, either way, are no loss: nothing but every thirty seconds', () => {
    for (const drift of [0, 0.0002, -0.0002]) {
      const now = machine()
      now.run(3600, { drift })
      expect(now.renewals).toBeLessThanOrEqual(120)
      expect(now.renewals).toBeGreaterThan(110)
    }
  })

  it('sound that is 8 ms late is put right within a second, and what is 4 ms late at the next turn', () => {
    const now = machine()
    now.run(5, {})
    now.tick(0.008)
    now.run(1.1, {})
    expect([now.renewals, now.late]).toEqual([1, 0])
    now.tick(0.004)
    now.run(20, {})
    expect(now.renewals).toBe(1)
    now.run(11, {})
    expect([now.renewals, now.late]).toEqual([2, 0])
  })

  it('whatever is lost, sound is not late by more than 7 ms and what the last 1.2 s lost', () => {
    const thousandths = (min: number, max: number) => fc.integer({ min, max }).map((n) => n / 1000)
    const load = fc.record({
      steady: thousandths(0, 50),
      stands: fc.array(fc.tuple(fc.nat(RATE * 60), thousandths(5, 400)), { maxLength: 8 }),
      drift: fc.integer({ min: -200, max: 200 }).map((n) => n / 1_000_000),
    })
    fc.assert(
      fc.property(load, ({ steady, stands, drift }) => {
        const now = machine()
        const losses: number[] = []
        for (let tick = 0; tick < RATE * 60; tick++) {
          const stood = stands.find(([when]) => when === tick)?.[1] ?? 0
          losses.push(stood + steady / RATE)
          now.tick(losses.at(-1) ?? 0, drift)
          const recent = losses.slice(-18).reduce((sum, each) => sum + each, 0)
          const unseen = Math.min(30, tick / RATE) * 0.0006
          expect(now.late).toBeLessThanOrEqual(0.007 + recent + unseen)
        }
      }),
      { numRuns: 200, seed: 20_261_129 },
    )
  })
})
