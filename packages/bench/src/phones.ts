import { createSocket } from 'node:dgram'
import path from 'node:path'
import { monitorEventLoopDelay, performance } from 'node:perf_hooks'
import { fileURLToPath } from 'node:url'
import { createPhoneSound, OpusCodec, type RoomPacket, type SoundRooms } from '@yuntang/telephony'
import { startPhones } from './phones-load.ts'

const WARM_MS = 1_500
const MEASURE_MS = 6_000
/** Pages that speak in the room: no more than these reach telephones. */
const PAGES = 4
const SPEAKING = 3
const FRAME = 960
let port = 47_000

/** Half a second of a page's speech-like sound, encoded once: the page's cost is not ours. */
const pageSound = (): Uint8Array[] => {
  const codec = new OpusCodec({ bitrate: 32_000, complexity: 5 })
  const packets: Uint8Array[] = []
  for (let n = 0; n < 25; n++) {
    const frame = Int16Array.from({ length: FRAME }, (_, i) => {
      const t = (n * FRAME + i) / 48_000
      const pitch = 140 + 30 * Math.sin(t * 12)
      return 3_000 * Math.sin(2 * Math.PI * pitch * t) + 1_500 * Math.sin(2 * Math.PI * 900 * t)
    })
    packets.push(codec.encode(frame) ?? new Uint8Array(0))
  }
  codec.close()
  return packets
}

/** A room whose pages speak all the time. */
const speakingRoom = (sound: readonly Uint8Array[]) => {
  let hear: (data: { room: string; peer: string; packets: readonly RoomPacket[] }) => void =
    () => {}
  let ear = ''
  const rooms: SoundRooms = {
    async openBridge({ peer, listens }) {
      if (listens) ear = peer
    },
    sendBridge() {},
    async closePeer() {},
    on(event: 'bridged' | 'crashed', listener: (data: never) => void) {
      if (event === 'bridged') hear = listener as typeof hear
      return () => {}
    },
  }
  const began = performance.now()
  let n = 0
  const timer = setInterval(() => {
    for (; n * 20 <= performance.now() - began; n++)
      for (let p = 0; p < PAGES; p++) {
        const opus = sound[(n + p * 5) % sound.length] as Uint8Array
        const from = { from: `page${p}`, track: 'mic', stream: p, seq: n & 0xffff }
        hear({ room: 'r', peer: ear, packets: [{ ...from, timestamp: n * FRAME, opus }] })
      }
  }, 5)
  return { rooms, stop: () => clearInterval(timer) }
}

/** What stands between telephones and the room, told of their ports; its own ports, and its end. */
type Middle = (phones: readonly number[]) => Promise<{ ports: number[]; close(): Promise<void> }>

/** The least that can be done: each packet goes back. */
const bare: Middle = async (phones) => {
  const sockets = await Promise.all(
    phones.map(async () => {
      const socket = createSocket('udp4')
      await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve))
      socket.on('message', (packet, from) => socket.send(packet, from.port, from.address))
      return socket
    }),
  )
  return {
    ports: sockets.map((s) => s.address().port),
    async close() {
      for (const socket of sockets) socket.close()
    },
  }
}

const mixed =
  (sound: readonly Uint8Array[], workerPath?: string): Middle =>
  async (phones) => {
    const room = speakingRoom(sound)
    const first = port
    port += phones.length * 2 + 10
    const phoneSound = createPhoneSound({
      rooms: room.rooms,
      ports: { first, last: first + phones.length * 2 + 7 },
      bind: '127.0.0.1',
      ...(workerPath ? { workerPath } : {}),
      log: (level, text, data) => console.error(level, text, data),
    })
    const ports: number[] = []
    for (const [i, to] of phones.entries()) {
      const line = await phoneSound.open()
      const target = { address: '127.0.0.1', port: to, payloadType: 8, digits: 101 } as const
      line.connect({ ...target, codec: 'PCMA' })
      await phoneSound.join(line, { room: 'r', peer: `phone${i}` })
      ports.push(line.port)
    }
    return {
      ports,
      async close() {
        room.stop()
        await phoneSound.close()
      },
    }
  }

interface Measured {
  /** Of one core, for each telephone. */
  readonly core: number
  /** How busy this thread was, and how late its timers came, ms. */
  readonly busy: number
  readonly late: number
  /** Packets that telephones got, of those that they should. */
  readonly got: number
}

const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

const measure = async (phones: number, make: Middle): Promise<Measured> => {
  const load = await startPhones(phones)
  const middle = await make(load.ports)
  load.call(middle.ports, SPEAKING)
  await wait(WARM_MS)
  const delay = monitorEventLoopDelay({ resolution: 5 })
  delay.enable()
  const used = performance.eventLoopUtilization()
  const cpu = process.cpuUsage()
  const began = performance.now()
  await wait(MEASURE_MS)
  const elapsed = performance.now() - began
  const { user, system } = process.cpuUsage(cpu)
  const busy = performance.eventLoopUtilization(used).utilization
  delay.disable()
  const got = await load.end()
  await middle.close()
  return {
    core: (user + system) / 1000 / elapsed / phones,
    busy,
    late: delay.percentile(99) / 1e6 - 5,
    got: got / phones / ((WARM_MS + elapsed) / 20),
  }
}

const percent = (x: number) => `${(x * 100).toFixed(1)} %`

/**
 * Cost of telephones in one room in which four pages and three telephones speak, all processor time of
 * the process included, beside sockets that only send every packet back.
 */
export const phonesBench = async (print: (line: string) => void): Promise<void> => {
  const worker = path.join(path.dirname(fileURLToPath(import.meta.url)), 'phone-worker.js')
  const sound = pageSound()
  for (const phones of [10, 30]) {
    const least = await measure(phones, bare)
    const ways = [
      ['in a thread of its own', await measure(phones, mixed(sound, worker))],
      ['in the thread of signalling', await measure(phones, mixed(sound))],
    ] as const
    for (const [way, m] of ways)
      print(
        `phones ${phones} in a room, ${PAGES} pages and ${SPEAKING} phones speaking, ${way}: ` +
          `${percent(m.core)} of a core for each (packets alone ${percent(least.core)}); ` +
          `signalling busy ${percent(m.busy)}, p99 of its timers late by ${m.late.toFixed(1)} ms; ` +
          `packets got ${percent(m.got)}`,
      )
  }
}
