import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createMd5 } from '../../src/md5.ts'
import { growingUpload } from '../../src/record-uploads/growing.ts'
import type { ServerPorts } from '../../src/record-uploads/to-server.ts'
import type { Report } from '../../src/transfers/job.ts'
import { createUploadRate } from '../../src/transfers/upload-rate.ts'
import { FakeEnv, settle } from '../link/fake-env.ts'
import { type Fate, fateful, passUntil, randomBytes, tusServer } from '../transfers/fake-network.ts'

const never = new AbortController().signal
const MIB = 1024 * 1024

/** The record store as one upload meets it. */
const setup = (fates: readonly Fate[]) => {
  const env = new FakeEnv()
  const network = tusServer(fateful(fates))
  const sizes: number[] = []
  const finished: { size: number; md5: string }[] = []
  const send = (async (method: string, params: { size: number; md5: string }) => {
    if (method === 'records.begin') sizes.push(params.size)
    else finished.push(params)
    return method === 'records.begin' ? { path: '/up' } : { record: { id: 'r' }, url: '/shown' }
  }) as unknown as ServerPorts['send']
  let file = new Blob([])
  const told: number[] = []
  const report: Report = { size() {}, begin() {}, at: (bytes) => void told.push(bytes) }
  const shipment = {
    key: 'a key of sixteen',
    path: '/rec/a.mp4',
    to: undefined,
    described: () => ({ duration: 1, mimeType: 'video/mp4' }),
  }
  const ports = { env, fetch: network.fetch, send, server: () => 'http://server' }
  const { job, growth } = growingUpload(shipment, async () => file, ports, createUploadRate(env))
  return {
    env,
    network,
    sizes,
    finished,
    told,
    growth,
    run: () => job.run(never, report),
    /** The recording is over, and this is its file. */
    end(content: Blob) {
      file = content
      growth.end()
    },
  }
}
const md5Of = (bytes: Uint8Array) => {
  const md5 = createMd5()
  md5.update(bytes)
  return md5.digest()
}

describe('10 §2.2: an upload that runs with its recording', () => {
  it('whatever breaks, every byte arrives once and in its place', async () => {
    const fate = fc.constantFrom<Fate>('well', 'lost', 'answer-lost', 'half', 'error')
    const fates = fc
      .array(fate, { maxLength: 20 })
      .map((list) => list.flatMap((one): Fate[] => [one, 'well', 'well']))
    const pieces = fc.array(fc.integer({ min: 1, max: 200_000 }), { minLength: 1, maxLength: 12 })
    await fc.assert(
      fc.asyncProperty(pieces, fates, fc.integer({ min: 0, max: 12 }), async (all, list, apart) => {
        const test = setup(list)
        const written = all.map((length) => randomBytes(length))
        const done = test.run()
        done.catch(() => {})
        for (const [i, piece] of written.entries()) {
          test.growth.add(piece)
          if (i % (apart + 1) === 0) await test.env.pass(500)
        }
        const whole = new Blob(written)
        test.end(whole)
        await expect(passUntil(test.env, done)).resolves.toEqual({
          id: 'r',
          url: 'http://server/shown',
        })
        const right = md5Of(new Uint8Array(await whole.arrayBuffer()))
        expect(md5Of(test.network.bytes)).toBe(right)
        expect(test.finished.at(-1)).toMatchObject({ size: whole.size, md5: right })
        expect(test.sizes.at(-1)).toBe(whole.size)
      }),
      { numRuns: 25 },
    )
  })

  it('pieces go while it records; the server is asked for more room before it is needed', async () => {
    const test = setup([])
    const done = test.run()
    const pieces = Array.from({ length: 10 }, () => randomBytes(MIB))
    for (const piece of pieces) {
      test.growth.add(piece)
      await test.env.pass(2000)
    }
    expect(test.network.bytes.length).toBe(10 * MIB)
    expect(test.sizes[0]).toBe(8 * MIB)
    for (const size of test.sizes) expect(size - 10 * MIB).toBeLessThanOrEqual(8 * MIB)
    expect(test.finished).toEqual([])
    test.end(new Blob(pieces))
    await passUntil(test.env, done)
    const sent = test.network.requests.reduce((sum, { bytes }) => sum + bytes, 0)
    expect(sent).toBe(10 * MIB)
  })

  it('what is more than the network takes is not held: the file supplies it at the end', async () => {
    const test = setup([])
    const pieces = Array.from({ length: 40 }, () => randomBytes(MIB))
    for (const piece of pieces) test.growth.add(piece)
    const done = test.run()
    await test.env.pass(5000)
    await settle()
    expect(test.network.bytes.length).toBe(0)
    test.end(new Blob(pieces))
    await passUntil(test.env, done)
    expect(test.network.bytes.length).toBe(40 * MIB)
  })
})
