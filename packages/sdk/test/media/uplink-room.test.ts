import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { limitVideo, lookAtUplink, UPLINK_START } from '../../src/media/uplink-room.ts'

const LOOK_MS = 500
const WANTED = 905_000

/** Times, in ms, at which the path is asked while the estimate takes these values, one each look. */
const asksOf = (
  estimates: readonly number[],
  delayOf: (estimate: number) => number | null = () => null,
): number[] => {
  let room = UPLINK_START
  return estimates.flatMap((estimate, i) => {
    const look = { estimate, wanted: WANTED, delay: delayOf(estimate) }
    const [next, ask] = lookAtUplink(room, look, i * LOOK_MS)
    room = next
    return ask ? [i * LOOK_MS] : []
  })
}

/** From `from` up by 8 % a second (findings §3.2) for so many looks. */
const rising = (from: number, looks: number): number[] =>
  Array.from({ length: looks }, (_, i) => from * 1.08 ** ((i * LOOK_MS) / 1000))

describe('findings §3.2: after a bottleneck the path is asked for its room', () => {
  it('once the estimate is past what was too much, and not before', () => {
    const saw = [2_000_000, 255_000, ...rising(255_000, 10), 248_000, ...rising(248_000, 10)]
    expect(asksOf(saw)).toEqual([])
    const after = [...saw, ...rising(240_000, 40)]
    const [first = 0] = asksOf(after)
    const at = after[first / LOOK_MS] as number
    expect(at).toBeGreaterThan(360_000)
    expect(at).toBeLessThan(400_000)
  })

  /** The estimate in a bottleneck: it falls to 0.85 of what goes through, and turns after so many looks. */
  const sawOf = (rate: number, lengths: readonly number[]) => [
    5_000_000,
    ...lengths.flatMap((looks) => rising(rate * 0.85, looks)),
  ]
  const anyRate = fc.integer({ min: 60_000, max: 700_000 })
  const anyLength = fc.integer({ min: 4, max: 10 })

  it('never in a bottleneck that stays, wherever its estimate turns', () => {
    fc.assert(
      fc.property(anyRate, anyLength, (rate, looks) => {
        expect(asksOf(sawOf(rate, new Array(20).fill(looks)))).toEqual([])
      }),
      { seed: 3 },
    )
  })

  it('at most five times in 90 s where it turns here and there', () => {
    const lengths = fc.array(anyLength, { minLength: 1, maxLength: 20 })
    fc.assert(
      fc.property(anyRate, lengths, (rate, teeth) => {
        expect(asksOf(sawOf(rate, teeth)).length).toBeLessThanOrEqual(5)
      }),
      { seed: 3 },
    )
  })

  it('sooner where no queue stands in front of it', () => {
    const after = [2_000_000, 255_000, ...rising(255_000, 20)]
    const at = (delay: number) => asksOf(after, () => delay)[0] ?? Number.POSITIVE_INFINITY
    expect(at(30)).toBeLessThanOrEqual(5_000)
    expect(at(300)).toBeGreaterThan(7_000)
  })

  it('not in a bottleneck that stays, whose queue grows with what is sent', () => {
    fc.assert(
      fc.property(anyRate, anyLength, (rate, looks) => {
        // A quarter of a second of sending 8 % too much.
        const queue = (estimate: number) => (estimate > rate * 1.08 ? 250 : 20)
        expect(asksOf(sawOf(rate, new Array(20).fill(looks)), queue)).toEqual([])
      }),
      { seed: 3 },
    )
  })

  it('not by one that has all the room it wants, nor by one that never met a bottleneck', () => {
    expect(asksOf([5_000_000, 700_000, ...rising(950_000, 40)])).toEqual([])
    expect(asksOf(rising(200_000, 18))).toEqual([])
  })

  it('in vain again only after ever longer pauses', () => {
    const slow = Array.from({ length: 400 }, (_, i) => 300_000 * 1.004 ** i).filter(
      (v) => v < WANTED,
    )
    const asks = asksOf([2_000_000, 200_000, ...slow])
    const pauses = asks.slice(1).map((at, i) => at - (asks[i] as number))
    expect(pauses.length).toBeGreaterThan(2)
    expect(pauses[0]).toBeGreaterThanOrEqual(3_000)
    expect(pauses[1]).toBeGreaterThanOrEqual(6_000)
    expect(pauses[2]).toBeGreaterThanOrEqual(12_000)
  })
})

describe('RFC 8866 §5.8: the limit of the rate', () => {
  const line = (kind: string, more = '') =>
    `m=${kind} 9 X 96\r\nc=IN IP4 0.0.0.0\r\n${more}a=mid:0\r\n`

  it('is set behind the connection line of each video that is taken, once', () => {
    const sdp = `v=0\r\n${line('audio')}${line('video')}${line('video', 'a=inactive\r\n')}`
    const limited = limitVideo(sdp, 20_001)
    expect(limited).toBe(
      `v=0\r\n${line('audio')}${line('video', 'b=AS:20001\r\n')}${line('video', 'a=inactive\r\n')}`,
    )
    expect(limitVideo(limited, 20_002)).toBe(limited.replace('20001', '20002'))
  })
})
