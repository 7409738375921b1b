import { expect, test } from 'vitest'
import { chromiumSimulcast, restarted } from './support/fixtures.ts'
import { rtp, vp8 } from './support/packets.ts'
import { CAM, fakeEngine, MIC, page, rtcpOf, rtpOf } from './support/page.ts'

const LOW = 0x1000
const HIGH = 0x2000

/** A page that sends rids `q` (180 lines) and `2` (720 lines), and one that watches. */
const simulcast = async (height: number) => {
  const e = fakeEngine()
  const a = page(e, 'a')
  const b = page(e, 'b')
  await a.publish([MIC, CAM], chromiumSimulcast)
  await b.receive()
  await b.watch('a', height)
  await b.answerAll()
  const seqs = { [LOW]: 65_530, [HIGH]: 500 }
  const pictures = { [LOW]: 0x7ffd, [HIGH]: 20 }
  const send = (ssrc: typeof LOW | typeof HIGH, key: boolean, bound = true) => {
    const payload = vp8({
      key,
      picture: pictures[ssrc]++ & 0x7fff,
      tl0: pictures[ssrc] & 0xff,
      height: ssrc === LOW ? 180 : 720,
    })
    const ext: Record<number, string> = bound ? { 4: '1', 10: ssrc === LOW ? 'q' : '2' } : {}
    const timestamp = (ssrc === LOW ? 1_000_000 : 4_294_960_000) + Math.round(e.time.now * 90)
    a.pub.onPacket(rtp({ pt: 96, ssrc, seq: seqs[ssrc]++, timestamp, payload, ext, marker: true }))
  }
  /** Both layers for a while, with key frames on request; the large one only each `highEvery` pictures. */
  const run = (ms: number, highEvery = 1) => {
    for (let t = 0; t < ms; t += 40) {
      for (const ssrc of [LOW, HIGH] as const) {
        if (ssrc === HIGH && (t / 40) % highEvery !== 0) continue
        const plis = rtcpOf(a.pub, 206, 1).filter((p) => p.readUInt32BE(8) === ssrc)
        const wanted = plis.length > (asked.get(ssrc) ?? 0)
        asked.set(ssrc, plis.length)
        send(ssrc, wanted || first.delete(ssrc))
      }
      e.advance(20)
      e.advance(20)
    }
  }
  const asked = new Map<number, number>()
  const first = new Set<number>([LOW, HIGH])
  return { e, a, b, send, run }
}

const heightsOf = (packets: { bytes: Buffer }[]) =>
  packets.filter((p) => p.bytes[29] === 0x10).map((p) => p.bytes.readUInt16LE(37))

test('RFC 8853: the answer takes the rids in the page’s order', async () => {
  const e = fakeEngine()
  const answer = await page(e, 'a').publish([MIC, CAM], chromiumSimulcast)
  expect(answer).toContain('a=rid:q recv\r\na=rid:2 recv\r\na=simulcast:recv q;2')
  await e.engine.close()
})

test('the wished height chooses the layer, and a change waits for its key frame', async () => {
  const { e, b, run } = await simulcast(720)
  run(1000)
  expect(heightsOf(rtpOf(b.sub, 96)).at(-1)).toBe(720)
  await b.watch('a', 160)
  run(1000)
  expect(heightsOf(rtpOf(b.sub, 96)).at(-1)).toBe(180)
  await b.watch('a', 1080)
  run(1000)
  expect(heightsOf(rtpOf(b.sub, 96)).at(-1)).toBe(720)
  await e.engine.close()
})

test('on a path that reorders, what came before the key frame but belongs behind it follows it', async () => {
  const { e, a, b, run } = await simulcast(160)
  run(400)
  await b.watch('a', 720)
  const before = rtpOf(b.sub, 96).length
  // Ten pictures of the large layer have come.
  for (const seq of [511, 510, 512]) {
    const payload = vp8({ key: seq === 510, picture: seq, tl0: seq & 0xff, height: 720 })
    const timestamp = 4_294_960_000 + Math.round(e.time.now * 90) + (seq - 510) * 3600
    a.pub.onPacket(rtp({ pt: 96, ssrc: HIGH, seq, timestamp, payload, ext: { 4: '1', 10: '2' } }))
  }
  const sent = rtpOf(b.sub, 96)
  const seqs = sent.slice(before - 1).map(({ seq }) => (seq - (sent[before]?.seq ?? 0)) & 0xffff)
  expect(seqs).toEqual([0xffff, 0, 1, 2])
  expect(heightsOf(sent).at(-1)).toBe(720)
  await e.engine.close()
})

test('a key frame of a layer that is not wished changes nothing', async () => {
  const { e, b, run, send } = await simulcast(720)
  run(500)
  const before = rtpOf(b.sub, 96).length
  send(LOW, true)
  expect(rtpOf(b.sub, 96)).toHaveLength(before)
  send(HIGH, false)
  expect(rtpOf(b.sub, 96)).toHaveLength(before + 1)
  await e.engine.close()
})

test('findings §4.3, 5: sequence, picture id and TL0 index run on over switches, timestamps grow', async () => {
  const { e, b, run } = await simulcast(720)
  for (const height of [720, 160, 720, 160]) {
    await b.watch('a', height)
    run(800)
  }
  const sent = rtpOf(b.sub, 96)
  expect(sent.length).toBeGreaterThan(60)
  for (let i = 1; i < sent.length; i++) {
    const [p, q] = [sent[i - 1], sent[i]] as [(typeof sent)[0], (typeof sent)[0]]
    expect((q.seq - p.seq) & 0xffff).toBe(1)
    expect((q.bytes.readUInt16BE(26) - p.bytes.readUInt16BE(26)) & 0x7fff).toBe(1)
    expect(((q.bytes[28] as number) - (p.bytes[28] as number)) & 0xff).toBe(1)
    const step = (q.timestamp - p.timestamp) | 0
    expect(step).toBeGreaterThan(0)
    expect(step).toBeLessThan(90 * 200)
  }
  await e.engine.close()
})

test('a binding by mid and rid outlives the packets that name them', async () => {
  const { e, b, run, send } = await simulcast(720)
  run(500)
  const before = rtpOf(b.sub, 96).length
  send(HIGH, false, false)
  expect(rtpOf(b.sub, 96)).toHaveLength(before + 1)
  await e.engine.close()
})

test('a layer that falls silent is replaced by the one that is there', async () => {
  const { e, b, run, send } = await simulcast(720)
  run(1000)
  for (let i = 0; i < 120; i++) {
    send(LOW, i === 110)
    e.advance(20)
  }
  expect(heightsOf(rtpOf(b.sub, 96)).at(-1)).toBe(180)
  await e.engine.close()
})

test('a layer that stumbles is left once, and comes back when it has gone on for a second', async () => {
  const { e, b, run } = await simulcast(720)
  run(1000)
  const before = heightsOf(rtpOf(b.sub, 96)).length
  run(6000, 10)
  expect(heightsOf(rtpOf(b.sub, 96)).slice(before)).toEqual([180])
  run(800)
  expect(heightsOf(rtpOf(b.sub, 96)).slice(before)).toEqual([180])
  run(500)
  expect(heightsOf(rtpOf(b.sub, 96)).slice(before)).toEqual([180, 720])
  await e.engine.close()
})

/** What the page was last told of its layers, and what every layer does then. */
const layersTold = (e: Awaited<ReturnType<typeof simulcast>>['e']) => {
  const told: string[][] = []
  e.engine.on('layers', ({ rids }) => told.push(rids))
  return told
}

test('a layer that nobody needs for 3 s is to rest; it is asked for again at once', async () => {
  const { e, b, run } = await simulcast(720)
  const told = layersTold(e)
  run(1000)
  await b.watch('a', 160)
  run(2500)
  expect(told).toEqual([])
  run(1500)
  expect(told).toEqual([['q']])
  await b.watch('a', 720)
  run(300)
  expect(told.at(-1)).toEqual(['q', '2'])
  await e.engine.close()
})

test('a video that nobody watches rests, and its first layer stays ready while it is watched', async () => {
  const { e, b, run } = await simulcast(720)
  const told = layersTold(e)
  run(5000)
  expect(told).toEqual([])
  await b.unwatch()
  run(4000)
  expect(told).toEqual([[]])
  await b.watch('a', 720)
  run(40)
  expect(told.at(-1)).toEqual(['q', '2'])
  await e.engine.close()
})

test('a large layer that rests is wished for all the same; until it comes the small one goes on', async () => {
  const { e, b, run, send } = await simulcast(160)
  run(5000)
  const told = layersTold(e)
  await b.watch('a', 720)
  const before = rtpOf(b.sub, 96).length
  for (let i = 0; i < 20; i++) {
    send(LOW, false)
    e.advance(20)
  }
  expect(told).toEqual([['q', '2']])
  expect(rtpOf(b.sub, 96).length).toBe(before + 20)
  send(HIGH, true)
  expect(heightsOf(rtpOf(b.sub, 96)).at(-1)).toBe(720)
  await e.engine.close()
})

test('a page that builds its connection anew is told again what may rest', async () => {
  const { e, a, b, run } = await simulcast(160)
  run(5000)
  const told = layersTold(e)
  await a.publish([MIC, CAM], restarted(chromiumSimulcast))
  await b.watch('a', 160)
  e.advance(20)
  expect(told).toEqual([['q']])
  await e.engine.close()
})

test('RFC 8843 §9.2: after a restart of ICE streams go on that the page does not name again', async () => {
  const { e, a, b, run, send } = await simulcast(720)
  run(1000)
  await a.publish([MIC, CAM], restarted(chromiumSimulcast))
  const before = rtpOf(b.sub, 96).length
  send(HIGH, true, false)
  expect(rtpOf(b.sub, 96).length).toBe(before + 1)
  await e.engine.close()
})
