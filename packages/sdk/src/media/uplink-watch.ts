import { lookAtUplink, UPLINK_START } from './uplink-room.ts'

/** ms between looks while the estimate is too small, and while it is not. */
const SHORT_OF = 500
const ENOUGH = 2_000

export interface UplinkWatchDeps {
  readonly pc: RTCPeerConnection
  /** What would be sent if there were room, bit/s. */
  readonly wanted: () => number
  readonly ask: () => Promise<void>
}

/** Reports of the other side older than that say nothing of now, ms. */
const STALE = 2_500

/** The estimate of the connection's path, bit/s, and how long a packet and its report take, ms; null: unknown. */
const readPath = async (pc: RTCPeerConnection) => {
  let estimate: number | null = null
  let tripMs: number | null = null
  const from = performance.timeOrigin + performance.now() - STALE
  for (const stat of (await pc.getStats()).values()) {
    if (stat.type === 'candidate-pair' && stat.nominated && stat.availableOutgoingBitrate)
      estimate = stat.availableOutgoingBitrate
    // Of what the streams of one path took the most counts: a queue.
    if (stat.type === 'remote-inbound-rtp' && stat.roundTripTime && stat.timestamp >= from)
      tripMs = Math.max(tripMs ?? 0, stat.roundTripTime * 1000)
  }
  return { estimate, tripMs }
}

/** Watches a sending connection and asks its path anew when a bottleneck has gone; gives back what ends it. */
export const watchUplink = ({ pc, wanted, ask }: UplinkWatchDeps): (() => void) => {
  let room = UPLINK_START
  let timer: ReturnType<typeof setTimeout> | undefined
  let over = false
  let shortest = Number.POSITIVE_INFINITY
  const look = async (): Promise<number> => {
    const want = wanted()
    if (want === 0 || pc.connectionState !== 'connected') return ENOUGH
    const { estimate, tripMs } = await readPath(pc)
    if (estimate === null || over) return ENOUGH
    if (tripMs !== null) shortest = Math.min(shortest, tripMs)
    const delay = tripMs === null ? null : tripMs - shortest
    const [next, isToAsk] = lookAtUplink(room, { estimate, wanted: want, delay }, performance.now())
    room = next
    if (isToAsk) await ask()
    return estimate < want ? SHORT_OF : ENOUGH
  }
  const wait = (ms: number) => {
    timer = setTimeout(() => {
      look()
        .catch((error: unknown) => {
          console.warn('The path could not be measured:', error)
          return ENOUGH
        })
        .then((next) => {
          if (!over) wait(next)
        })
    }, ms)
  }
  wait(ENOUGH)
  return () => {
    over = true
    clearTimeout(timer)
  }
}
