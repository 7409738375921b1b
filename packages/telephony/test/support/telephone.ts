import { createSocket } from 'node:dgram'
import { aLaw, type Companding, muLaw } from '../../src/codec/g711.ts'
import { OpusCodec } from '../../src/codec/opus.ts'
import type { CodecName, LineTarget } from '../../src/line.ts'
import { emptyHeader, readRtp, writeRtp } from '../../src/rtp/header.ts'
import { joined, tone } from './tone.ts'

const narrow = (law: Companding) => ({
  rate: 8_000,
  encode(sound: Int16Array) {
    const payload = new Uint8Array(sound.length)
    law.encode(sound, payload)
    return payload
  },
  decode: (payload: Uint8Array, out: Int16Array) => law.decode(payload, out),
  close() {},
})

const wide = () => {
  const codec = new OpusCodec({ bitrate: 32_000, complexity: 0 })
  return {
    rate: 48_000,
    encode: (sound: Int16Array) => codec.encode(sound) ?? new Uint8Array(0),
    decode: (payload: Uint8Array, out: Int16Array) => codec.decode(payload, out),
    close: () => codec.close(),
  }
}

const CODECS = { PCMA: () => narrow(aLaw), PCMU: () => narrow(muLaw), opus: wide }
const TYPES = { PCMA: 8, PCMU: 0, opus: 96 }
const DIGITS = 101

/** A telephone on loopback: speaks tones over UDP and keeps what it hears, at its codec's rate. */
export const openTelephone = async (codec: CodecName = 'PCMA') => {
  const { rate, encode, decode, close } = CODECS[codec]()
  const payloadType = TYPES[codec]
  const ticks = rate / 50
  const socket = createSocket('udp4')
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve))
  const heard: Int16Array[] = []
  const digits: Buffer[] = []
  const header = emptyHeader()
  socket.on('message', (packet) => {
    if (!readRtp(packet, header)) return
    const payload = packet.subarray(header.payload, header.end)
    if (header.payloadType === DIGITS) digits.push(Buffer.from(payload))
    if (header.payloadType !== payloadType) return
    const sound = new Int16Array(ticks)
    decode(payload, sound)
    heard.push(sound)
  })
  let timer: NodeJS.Timeout | undefined
  let seq = 0
  let toPort = 0
  const send = (payload: Uint8Array, type: number, timestamp: number) => {
    const h = {
      payloadType: type,
      marker: false,
      seq: seq++,
      timestamp,
      ssrc: socket.address().port,
    }
    socket.send(writeRtp(h, payload), toPort, '127.0.0.1')
  }
  return {
    get target(): LineTarget {
      const { port } = socket.address()
      return { address: '127.0.0.1', port, codec, payloadType, digits: DIGITS }
    },
    /** Begins to speak to a line: a tone, or silence. */
    speak(port: number, hz: number) {
      toPort = port
      clearInterval(timer)
      const began = performance.now()
      let sent = 0
      timer = setInterval(() => {
        for (; sent * 20 <= performance.now() - began; sent++) {
          const sound = hz ? tone(hz, ticks, rate, { from: sent * ticks }) : new Int16Array(ticks)
          send(encode(sound), payloadType, sent * ticks)
        }
      }, 10)
    },
    /** An RFC 4733 press: three packets of it, three of its end. */
    press(key: number, timestamp: number) {
      for (const end of [0, 0, 0, 0x80, 0x80, 0x80])
        send(Buffer.from([key, end | 10, 1, 0x40]), DIGITS, timestamp)
    },
    /** The last `n` packets it heard. */
    last: (n: number) => joined(heard.slice(-n)),
    heard,
    digits,
    close() {
      clearInterval(timer)
      socket.close()
      close()
    },
  }
}
export type Telephone = Awaited<ReturnType<typeof openTelephone>>
