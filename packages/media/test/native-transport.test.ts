import { createSocket } from 'node:dgram'
import { afterAll, expect, test } from 'vitest'
import { writePli } from '../src/rtp/rtcp-write.ts'
import { createNativeFactory } from '../src/transport/native.ts'
import type { TransportState } from '../src/transport/port.ts'
import { nativePage } from './support/native-page.ts'
import { rtp } from './support/packets.ts'
import { freePort, until } from './support/wait.ts'

const port = await freePort()
const factory = createNativeFactory({ port, announce: ['127.0.0.1'] })
afterAll(() => factory.close())

/** The page may lose the library's race between answer and first check (findings §4.2): once more. */
const connected = async () => {
  for (let attempt = 0; ; attempt++) {
    const page = await nativePage()
    const transport = factory.create(page.parameters)
    try {
      page.answer(transport.local, factory.candidates[0] as string)
      await until(() => transport.state === 'connected' && page.track.isOpen(), 5000)
      return { page, transport }
    } catch (error) {
      transport.close()
      page.close()
      if (attempt > 1) throw error
    }
  }
}

test('findings §3.1: RTP under an SSRC that no description names passes both ways, RTCP too', async () => {
  const { page, transport } = await connected()
  const inward: Buffer[] = []
  transport.onPacket = (b) => inward.push(b)
  // SRTP takes each number of a stream once only.
  let seq = 0
  const packets = () => {
    seq += 1
    return [
      rtp({ ssrc: 0xdecafbad, seq, payload: Buffer.from('unannounced') }),
      rtp({ ssrc: 0x0badcafe, pt: 111, seq, payload: Buffer.from('another type') }),
      writePli(1, 0xdecafbad),
    ]
  }
  const kinds = (list: readonly Buffer[]) => [
    ...new Set(list.map((b) => (b[1] === 206 ? 'rtcp' : b.toString('latin1', 12)))),
  ]
  await until(() => {
    for (const p of packets()) page.track.sendMessageBinary(p)
    for (const p of packets()) transport.send(p)
    return kinds(inward).length > 2 && kinds(page.received).length > 2
  })
  for (const list of [inward, page.received])
    expect(kinds(list).sort()).toEqual(['another type', 'rtcp', 'unannounced'])
  transport.close()
  page.close()
})

test('findings §4.1, 3: sending after the end is refused, not thrown', async () => {
  const { page, transport } = await connected()
  expect(transport.send(rtp())).toBe(true)
  transport.close()
  transport.close()
  expect(transport.send(rtp())).toBe(false)
  page.close()
})

test('port: close() is silent and may come during the handshake', async () => {
  const page = await nativePage()
  const transport = factory.create(page.parameters)
  const states: TransportState[] = []
  transport.onState = (s) => states.push(s)
  transport.close()
  page.close()
  await new Promise((resolve) => setTimeout(resolve, 100))
  expect(states).toEqual([])
})

test('findings §4.1, 1–2: a taken port is an ordinary error with a plain sentence', async () => {
  const socket = createSocket('udp6')
  await new Promise<void>((resolve) => socket.bind(0, resolve))
  const taken = socket.address().port
  expect(() => createNativeFactory({ port: taken })).toThrow(
    expect.objectContaining({ name: 'EngineError', code: 'native' }),
  )
  expect(() => createNativeFactory({ port: taken })).toThrow(/UDP port \d+ is taken/)
  socket.close()
})

test('parameters that the library refuses are an ordinary error', () => {
  const bad = { ufrag: 'abcd', password: '0123456789012345678901', fingerprint: 'sha-256 00:11' }
  expect(() => factory.create(bad)).toThrow(expect.objectContaining({ name: 'EngineError' }))
})

test('host candidates: the bound address only, else the own ones with loopback', async () => {
  const one = createNativeFactory({ port: await freePort(), bind: '127.0.0.1' })
  expect(one.candidates).toEqual([
    expect.stringMatching(/^candidate:1 1 udp \d+ 127\.0\.0\.1 \d+ typ host$/),
  ])
  one.close()
  const all = createNativeFactory({ port: await freePort() })
  expect(all.candidates.some((c) => c.includes(' 127.0.0.1 '))).toBe(true)
  all.close()
  all.close()
  expect(() => all.create({ ufrag: '', password: '', fingerprint: '' })).toThrow(/closed/)
})
