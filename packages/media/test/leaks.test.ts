import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, test } from 'vitest'
import { CAM, fakeEngine, MIC, page, settled } from './support/page.ts'

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void

/** Bytes in use when everything that can go has gone. */
const heap = async (): Promise<number> => {
  for (let i = 0; i < 3; i++) {
    await settled()
    collect()
  }
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}

/** What the process keeps open. */
const handles = () => process.getActiveResourcesInfo().length

/** Growth of the heap from one batch of the work to the next, as a part of it. */
const growth = async (batch: () => Promise<void>): Promise<number> => {
  await batch()
  await batch()
  const before = await heap()
  await batch()
  return (await heap()) / before - 1
}

test('200 joins and leaves leave nothing behind: memory within 20 %, no handle, no transport', async () => {
  const e = fakeEngine()
  const before = handles()
  const join = async (n: number) => {
    const a = page(e, `a${n}`)
    const b = page(e, `b${n}`)
    await a.publish()
    await b.receive()
    await b.watch(`a${n}`)
    await b.answerAll()
    for (let i = 0; i < 50; i++) a.sendVideo(i === 0)
    e.advance(20)
    await e.engine.closePeer({ room: 'r', peer: `a${n}` })
    await e.engine.closePeer({ room: 'r', peer: `b${n}` })
  }
  let n = 0
  const grown = await growth(async () => {
    for (let i = 0; i < 67; i++) await join(n++)
    expect(e.factory.made.every((t) => t.state === 'closed')).toBe(true)
    // What the test itself keeps is no leak.
    e.factory.made.length = e.offers.length = 0
  })
  expect(grown).toBeLessThan(0.2)
  expect(handles()).toBeLessThanOrEqual(before + 1)
  await e.engine.close()
})

test('50 cycles of adding and removing a camera keep memory and m-lines as they were', async () => {
  const e = fakeEngine()
  const a = page(e, 'a')
  const b = page(e, 'b')
  await a.publish()
  await b.receive()
  await b.watch('a')
  await b.answerAll()
  const lines: number[] = []
  const grown = await growth(async () => {
    for (let i = 0; i < 50; i++) {
      await a.publish([MIC])
      await b.answerAll()
      await a.publish([MIC, CAM])
      const offer = await b.answerAll()
      lines.push((offer?.sdp.match(/^m=/gm) ?? []).length)
      for (let k = 0; k < 50; k++) a.sendVideo(k === 0)
      e.advance(20)
    }
    e.offers.length = 0
    for (const t of e.factory.made) t.sent.length = 0
  })
  expect(new Set(lines).size).toBe(1)
  expect(grown).toBeLessThan(0.2)
  expect(e.factory.made).toHaveLength(2)
  await e.engine.close()
})

test('200 bridges that speak and listen leave nothing behind when they are closed', async () => {
  const e = fakeEngine()
  const [a, b] = [page(e, 'a'), page(e, 'b')]
  await a.publish([MIC])
  await b.receive()
  let heard = 0
  e.engine.on('bridged', ({ packets }) => {
    heard += packets.length
  })
  const packet = { opus: Buffer.alloc(60, 1), level: 20, timestamp: 0 }
  const call = async (n: number) => {
    const at = { room: 'r', peer: `phone${n}` }
    await e.engine.openBridge({ ...at, speaks: true, listens: true })
    await b.answerAll()
    for (let i = 0; i < 20; i++) {
      e.engine.sendBridge({ ...at, packet: { ...packet, timestamp: i * 960 } })
      a.sendAudio({ ext: { 1: Buffer.from([20]) } })
    }
    await settled()
    await e.engine.closePeer(at)
    await b.answerAll()
  }
  let n = 0
  const grown = await growth(async () => {
    for (let i = 0; i < 67; i++) await call(n++)
    e.offers.length = 0
    for (const t of e.factory.made) t.sent.length = 0
  })
  expect(heard).toBe(n * 20)
  expect(grown).toBeLessThan(0.2)
  expect(b.sub.sent).toEqual([])
  await e.engine.close()
})
