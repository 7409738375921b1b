import { bareForwarder, engineForwarder, type Forwarder, type RoomSize } from './forwarders.ts'
import { type Delivered, type IceParameters, type Load, startLoad } from './load.ts'

/** One room of load: 4 cameras of 125 packets/s, watched by 20 → 10,000 packets/s out. */
const ROOM: RoomSize = { cameras: 4, viewers: 20 }
const ROOM_PEERS = ROOM.cameras + ROOM.viewers
const PER_CAMERA = 125
const WARM_MS = 2_500
const MEASURE_MS = 5_000
/** Both ways take turns so often: others may be busy on this machine. */
const ROUNDS = 3
/** Every run takes the next one: the library lets a port go some time after its last connection. */
const FIRST_PORT = 46_100

/** Joins `rooms` rooms of load; a peer that loses the library's answer race is made anew. */
const join = async (f: Forwarder, l: Load, rooms: number): Promise<void> => {
  for (let peer = 0; peer < rooms * ROOM_PEERS; peer++) {
    const room = Math.floor(peer / ROOM_PEERS)
    const ssrc = peer % ROOM_PEERS < ROOM.cameras ? 1000 + peer : 0
    for (let attempt = 0; ; attempt++) {
      const p = await l.ask<IceParameters>({ do: 'offer', peer, ssrc })
      const local = ssrc ? await f.camera(room, peer, p, ssrc) : await f.viewer(room, peer, p)
      if (await l.ask<boolean>({ do: 'connect', peer, local, port: f.port })) break
      if (attempt === 2) throw new Error('A load peer could not connect three times')
    }
  }
}

interface Measured extends Delivered {
  /** Microseconds of CPU per packet. */
  readonly cost: number
}

type Make = (port: number, size: RoomSize) => Promise<Forwarder>

const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

const measure = async (make: Make, port: number, rooms: number): Promise<Measured> => {
  const forwarder = await make(port, ROOM)
  const l = startLoad()
  await join(forwarder, l, rooms)
  l.tell({ do: 'start', perCamera: PER_CAMERA })
  await wait(WARM_MS)
  l.tell({ do: 'measure' })
  const cpu = process.cpuUsage()
  await wait(MEASURE_MS)
  const { user, system } = process.cpuUsage(cpu)
  const delivered = await l.ask<Delivered>({ do: 'stop' })
  await l.end()
  await forwarder.close()
  return { ...delivered, cost: (user + system) / delivered.received }
}

type Of = (m: Measured) => number
const sorted = (runs: readonly Measured[], of: Of) => runs.map(of).sort((a, b) => a - b)
const least = (runs: readonly Measured[], of: Of) => sorted(runs, of)[0] ?? 0
const median = (runs: readonly Measured[], of: Of) =>
  sorted(runs, of)[Math.floor(runs.length / 2)] ?? 0
const cost: Of = (m) => m.cost

/** Least and median of the runs, and all that was lost. */
const summary = (runs: readonly Measured[]): string => {
  const both = (of: Of) => `${least(runs, of).toFixed(1)} / ${median(runs, of).toFixed(1)}`
  const sent = runs.reduce((sum, m) => sum + m.sent * ROOM.viewers, 0)
  const received = runs.reduce((sum, m) => sum + m.received, 0)
  return `${both(cost)} µs, p95 of the way ${both((m) => m.p95)} ms, lost ${sent - received} of ${sent}`
}

/**
 * CPU per forwarded packet of the engine, beside a bare loop on the same library in the same run: the
 * ratio holds on any machine, the microseconds only on this one.
 */
export const forwardBench = async (print: (line: string) => void): Promise<void> => {
  let port = FIRST_PORT
  for (const rooms of [1, 3]) {
    const bare: Measured[] = []
    const engine: Measured[] = []
    for (let round = 0; round < ROUNDS; round++) {
      bare.push(await measure(bareForwarder, port++, rooms))
      engine.push(await measure(engineForwarder, port++, rooms))
    }
    const ratio = (of: typeof least) => (of(engine, cost) / of(bare, cost)).toFixed(2)
    print(
      `forward ${rooms * ROOM.cameras * ROOM.viewers * PER_CAMERA} packets/s out (1,100 bytes, VP8, ${rooms} × ${ROOM.cameras} cameras to ${ROOM.viewers} viewers), ` +
        `least / median of ${ROUNDS} runs: engine ${summary(engine)}; bare loop ${summary(bare)}; ` +
        `ratio ${ratio(least)} / ${ratio(median)}`,
    )
  }
}
