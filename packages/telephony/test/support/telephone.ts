import { createSocket } from 'node:dgram'
import { aLaw, muLaw } from '../../src/codec/g711.ts'
import type { LineTarget } from '../../src/line.ts'
import { emptyHeader, readRtp, writeRtp } from '../../src/rtp/header.ts'
import { joined, tone } from './tone.ts'

const LAWS = { PCMA: { law: aLaw, payloadType: 8 }, PCMU: { law: muLaw, payloadType: 0 } }
const DIGITS = 101

/** A telephone on loopback: speaks tones as G.711 over UDP and keeps what it hears. */
export const openTelephone = async (codec: 'PCMA' | 'PCMU' = 'PCMA') => {
  const { law, payloadType } = LAWS[codec]
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
    const sound = new Int16Array(payload.length)
    law.decode(payload, sound)
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
          const sound = hz ? tone(hz, 160, 8_000, { from: sent * 160 }) : new Int16Array(160)
          const payload = new Uint8Array(160)
          law.encode(sound, payload)
          send(payload, payloadType, sent * 160)
        }
      }, 10)
    },
    /** An RFC 4733 press: three packets of it, three of its end. */
    press(key: number, timestamp: number) {
      for (const end of [0, 0, 0, 0x80, 0x80, 0x80])
        send(Buffer.from([key, end | 10, 1, 0x40]), DIGITS, timestamp)
    },
    /** The last `n` packets it heard, at 8 kHz. */
    last: (n: number) => joined(heard.slice(-n)),
    heard,
    digits,
    close() {
      clearInterval(timer)
      socket.close()
    },
  }
}
export type Telephone = Awaited<ReturnType<typeof openTelephone>>
