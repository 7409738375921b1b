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

/** The estimate of the connection's path, bit/s; null where the browser tells none. */
const readEstimate = async (pc: RTCPeerConnection): Promise<number | null> => {
  for (const stat of (await pc.getStats()).values())
    if (stat.type === 'candidate-pair' && stat.nominated && stat.availableOutgoingBitrate)
      return stat.availableOutgoingBitrate
  return null
}

/** Watches a sending connection and asks its path anew when a bottleneck has gone; gives back what ends it. */
export const watchUplink = ({ pc, wanted, ask }: UplinkWatchDeps): (() => void) => {
  let room = UPLINK_START
  let timer: ReturnType<typeof setTimeout> | undefined
  let over = false
  const look = async (): Promise<number> => {
    const want = wanted()
    const estimate = want > 0 && pc.connectionState === 'connected' ? await readEstimate(pc) : null
    if (estimate === null || over) return ENOUGH
    const [next, isToAsk] = lookAtUplink(room, { estimate, wanted: want }, performance.now())
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
