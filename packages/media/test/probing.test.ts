import { expect, test } from 'vitest'
import { writeTransportFeedback } from '../src/rtp/transport-cc.ts'
import { fakeEngine, page, rtpOf } from './support/page.ts'

/** Transport-wide numbers of what was sent, where the engine's layout puts them. */
const numberOf = (b: Buffer) => b.readUInt16BE(21)

test('findings §3.3: after a bottleneck a path is probed with padding of the repair stream', async () => {
  const e = fakeEngine()
  const a = page(e, 'a')
  const b = page(e, 'b')
  await a.publish()
  await b.receive()
  await b.watch('a', 720)
  await b.answerAll()
  let done = 0
  let count = 0
  /** The page reports everything, arriving with so much delay. */
  const run = (ms: number, delay: number) => {
    for (let t = 0; t < ms; t += 20) {
      for (let i = 0; i < 4; i++)
        a.sendVideo(t === 0 && i === 0, { payload: Buffer.concat([KEY, Buffer.alloc(1000)]) })
      e.advance(20)
      if (t % 60) continue
      const fresh = b.sub.sent.slice(done).filter((p) => (p[1] as number & 0x7f) >= 96)
      done = b.sub.sent.length
      const arrivals = fresh.map((p) => ({ n: numberOf(p), us: (e.time.now + delay) * 1000 }))
      const first = arrivals[0]?.n
      if (first !== undefined)
        b.sub.onPacket(
          writeTransportFeedback(
            { sender: 1, media: 2, count: count++ },
            first,
            arrivals.length,
            arrivals,
          ),
        )
    }
  }
  const padding = () => rtpOf(b.sub, 97).filter(({ bytes }) => (bytes[0] as number) & 0x20)
  run(2000, 20)
  expect(padding()).toHaveLength(0)
  run(2000, 400)
  run(3000, 20)
  expect(padding().length).toBeGreaterThan(5)
  const { bytes } = padding()[0] as { bytes: Buffer }
  expect(bytes.at(-1)).toBe(bytes.length - 24)
  await e.engine.close()
})

const KEY = Buffer.from([0x90, 0xc0, 0x80, 1, 1, 0x10, 0, 0, 0x9d, 1, 0x2a, 0x40, 1, 0xb4, 0])
