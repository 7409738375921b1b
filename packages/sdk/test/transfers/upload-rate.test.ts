import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createUploadRate } from '../../src/transfers/upload-rate.ts'
import { FakeEnv, settle } from '../link/fake-env.ts'

const never = new AbortController().signal

/** Takes again and again, as an upload does; answers what was granted when. */
const taker = (env: FakeEnv, rate: ReturnType<typeof createUploadRate>, part: number) => {
  const granted: { bytes: number; at: number }[] = []
  const stop = new AbortController()
  const loop = async () => {
    for (;;) {
      const bytes = await rate.take(part, stop.signal)
      granted.push({ bytes, at: env.now() })
      // The network takes a little.
      await new Promise<void>((resolve) => env.after(5, resolve))
      if (stop.signal.aborted) return
    }
  }
  const done = loop().catch(() => {})
  return { granted, stop: () => stop.abort(), done }
}
const sum = (list: { bytes: number }[]) => list.reduce((all, { bytes }) => all + bytes, 0)

describe('06 §8: the upload rate', () => {
  it('without a limit everything is granted at once', async () => {
    const rate = createUploadRate(new FakeEnv())
    expect(await rate.take(10_000_000, never)).toBe(10_000_000)
  })
  it('a limit below 4096 is raised to 4096; 0 and less lift it', () => {
    const rate = createUploadRate(new FakeEnv())
    rate.limit = 1
    expect(rate.limit).toBe(4096)
    rate.limit = -5
    expect(rate.limit).toBe(0)
  })
  it('limits all uploads together, averaged over a second', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 4096, max: 1_000_000 }),
        fc.array(fc.integer({ min: 1000, max: 500_000 }), { minLength: 1, maxLength: 4 }),
        async (limit, parts) => {
          const env = new FakeEnv()
          const rate = createUploadRate(env)
          rate.limit = limit
          const takers = parts.map((part) => taker(env, rate, part))
          await env.pass(3000)
          const all = takers.flatMap(({ granted }) => granted)
          for (const { at } of all) {
            const second = all.filter((one) => one.at >= at && one.at < at + 1000)
            expect(sum(second)).toBeLessThanOrEqual(limit * 1.25 + parts.length)
          }
          for (const { stop } of takers) stop()
          await env.pass(1000)
          for (const { done } of takers) await done
        },
      ),
      { numRuns: 20 },
    )
  })
  it('acts at once on uploads that wait', async () => {
    const env = new FakeEnv()
    const rate = createUploadRate(env)
    rate.limit = 4096
    await rate.take(4096, never)
    let got = 0
    void rate.take(1_000_000, never).then((bytes) => {
      got = bytes
    })
    await env.pass(100)
    expect(got).toBe(0)
    rate.limit = 0
    await settle()
    expect(got).toBe(1_000_000)
  })
  it('an aborted upload takes nothing from those behind it', async () => {
    const env = new FakeEnv()
    const rate = createUploadRate(env)
    rate.limit = 8192
    await rate.take(2048, never)
    const abort = new AbortController()
    const first = rate.take(2048, abort.signal)
    const second = rate.take(1000, never)
    abort.abort(new Error('enough'))
    await expect(first).rejects.toThrow('enough')
    await env.pass(250)
    expect(await second).toBe(1000)
  })
})
