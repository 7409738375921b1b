import type { Relays } from '@yuntang/protocol'
import type { RtcRequest } from './port.ts'

/** Credentials are exchanged once so much of their time is over: setting up a path takes a while. */
const STALE = 0.5

/** The relays of one meeting and their short-lived credentials. */
export interface RelayList {
  /** Configuration of a connection that is made now. */
  readonly servers: RTCIceServer[]
  /** Gives a connection whose path is (re)built next credentials that are good for long enough. */
  prepare(pc: RTCPeerConnection): Promise<void>
  /** The server named others. */
  set(relays: Relays | null): void
}

/** `first`: as the server named them on entry; null when the engine is reached directly. */
export const createRelayList = (
  first: Relays | null,
  request: RtcRequest,
  now: () => number = Date.now,
): RelayList => {
  let relays = first
  let since = now()
  const isStale = () =>
    relays !== null &&
    relays.username !== undefined &&
    now() - since >= relays.seconds * 1000 * STALE

  const set = (next: Relays | null) => {
    relays = next
    since = now()
  }
  const servers = (): RTCIceServer[] => {
    if (!relays) return []
    const { urls, username, credential } = relays
    return [{ urls, ...(username && credential ? { username, credential } : {}) }]
  }
  return {
    get servers() {
      return servers()
    },
    async prepare(pc) {
      if (isStale()) set((await request('rtc.relays', {})).relays ?? null)
      if (pc.signalingState !== 'closed')
        pc.setConfiguration({ ...pc.getConfiguration(), iceServers: servers() })
    },
    set,
  }
}
