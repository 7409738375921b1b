import { expect, test } from 'vitest'
import { RtpStream } from '../src/exchange/rtp-stream.ts'
import type { PortPair } from '../src/exchange/sockets.ts'
import type { LineTarget } from '../src/line.ts'
import { emptyHeader, readRtp, writeRtp } from '../src/rtp/header.ts'
import { readRtcp } from '../src/rtp/rtcp.ts'

const TO: LineTarget = {
  address: '192.0.2.1',
  port: 5_000,
  codec: 'PCMA',
  payloadType: 8,
  digits: 101,
}

/** A line's packets without a network and in injected time. */
const line = () => {
  const told: string[] = []
  const sent: { port: number; address: string; packet: Buffer }[] = []
  const reports: { port: number; packet: Buffer }[] = []
  const time = { now: 0 }
  const pair: PortPair = {
    port: 4_000,
    onRtp: () => {},
    onRtcp: () => {},
    sendRtp: (packet, port, address) => sent.push({ port, address, packet: Buffer.from(packet) }),
    sendRtcp: (packet, port) => reports.push({ port, packet: Buffer.from(packet) }),
    close: () => {},
  }
  const numbers = { ssrc: 77, seq: 65_535, timestamp: 2 ** 32 - 160, cname: 'line' }
  const stream = new RtpStream(pair, numbers, () => time.now, {
    began: () => told.push('began'),
    sound: (seq) => told.push(`${seq}`),
    other: (seq) => told.push(`(${seq})`),
    digit: (d) => told.push(d),
  })
  const comes = (f: { seq: number; ssrc?: number; payloadType?: number; payload?: number[] }) =>
    pair.onRtp(
      writeRtp(
        { payloadType: 8, marker: false, timestamp: f.seq * 160, ssrc: 9, ...f },
        Buffer.from(f.payload ?? [1, 2, 3]),
      ),
      '192.0.2.1',
      5_000,
    )
  return { stream, told, sent, reports, time, comes }
}

test('RFC 3550 §5.1: numbers wrap around, the marker begins what follows a silence', () => {
  const { stream, sent } = line()
  stream.send(() => Buffer.from([1]))
  expect(sent).toEqual([])
  stream.connect(TO, 8_000)
  for (const sound of [[1], [2], null, [3]]) stream.send(() => sound && Uint8Array.from(sound))
  const h = emptyHeader()
  const headers = sent.map(({ packet }) => readRtp(packet, h) && { ...h })
  expect(headers).toMatchObject([
    { seq: 65_535, timestamp: 2 ** 32 - 160, marker: true, ssrc: 77, payloadType: 8 },
    { seq: 0, timestamp: 0, marker: false },
    { seq: 1, timestamp: 320, marker: true },
  ])
  expect(sent.every((s) => s.address === '192.0.2.1' && s.port === 5_000)).toBe(true)
})

test('another source takes over with its second packet in a row, a stray one is passed over', () => {
  const { stream, told, comes } = line()
  stream.connect(TO, 8_000)
  comes({ seq: 1 })
  comes({ seq: 500, ssrc: 3 })
  comes({ seq: 2 })
  comes({ seq: 501, ssrc: 3 })
  comes({ seq: 502, ssrc: 3 })
  expect(told).toEqual(['began', '1', '2', 'began', '502'])
})

test('keys pressed take numbers of the sound: they are not lost sound', () => {
  const { stream, told, comes } = line()
  stream.connect(TO, 8_000)
  comes({ seq: 1 })
  comes({ seq: 2, payloadType: 101, payload: [4, 10, 0, 160] })
  comes({ seq: 3, payloadType: 13 })
  expect(told).toEqual(['began', '1', '4', '(2)'])
})

test('RFC 3550 §6.2: a report every five seconds, of what was sent and received', () => {
  const { stream, reports, comes, time } = line()
  stream.connect(TO, 8_000)
  for (let n = 0; n < 250; n++) {
    time.now = n * 20
    if (n % 2 === 0) comes({ seq: n })
    stream.send(() => Buffer.from([1, 2]))
  }
  expect(reports.map((r) => r.port)).toEqual([5_001])
  const { packet } = reports[0] as { packet: Buffer }
  expect([packet[1], packet.readUInt32BE(20), packet.readUInt32BE(24)]).toEqual([200, 250, 500])
  const blocks: number[][] = []
  readRtcp(packet, { reception: (...block) => blocks.push(block) })
  expect(blocks.map(([ssrc, lost]) => [ssrc, lost])).toEqual([[9, 127]])
})
