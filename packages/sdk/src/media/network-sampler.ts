import { isStranded } from './ice-watch.ts'
import { NETWORK_START, type NetworkSample, nextNetwork } from './network-level.ts'
import { measure, type Stat } from './rtc-stats.ts'

/** ms (spec 07 §6) */
const PERIOD = 2_000
/** Samples without anything received after which the network counts as gone: 8 s. */
const SILENT_SAMPLES = 4

export interface SamplerDeps {
  readonly connections: () => readonly RTCPeerConnection[]
  /** Configured maximum of a sent video, bit/s. */
  readonly maxBitrate: () => number
  readonly changed: (level: number) => void
}

/** Measures the own network level every 2 s. */
export class NetworkSampler {
  #state = NETWORK_START
  #before: readonly Stat[] = []
  #bytes = 0
  #silent = 0
  readonly #unconnected = new WeakMap<RTCPeerConnection, number>()
  #live = true
  #closed = false
  readonly #timer: ReturnType<typeof setInterval>
  readonly #deps: SamplerDeps

  constructor(deps: SamplerDeps) {
    this.#deps = deps
    this.#timer = setInterval(() => {
      this.#sample().catch((error) => console.warn('The network could not be measured:', error))
    }, PERIOD)
  }

  /** 10 before the first measurement. */
  get level(): number {
    return this.#state.level ?? 10
  }

  setLinkState(live: boolean): void {
    this.#live = live
  }

  close(): void {
    this.#closed = true
    clearInterval(this.#timer)
  }

  async #sample(): Promise<void> {
    const connections = this.#deps.connections()
    const reports = await Promise.all(connections.map((pc) => pc.getStats()))
    if (this.#closed) return
    const now = reports.flatMap((report, index) =>
      [...report.values()].map((stat: Stat) => ({ ...stat, ...scope(stat, index) })),
    )
    const { bytesReceived, ...measured } = measure(this.#before, now, this.#deps.maxBitrate())
    this.#before = now
    this.#silent = this.#live || bytesReceived !== this.#bytes ? 0 : this.#silent + 1
    this.#bytes = bytesReceived
    const old = this.#state.level
    this.#state = nextNetwork(this.#state, { ...measured, path: this.#path(connections) })
    if (this.#state.level !== old) this.#deps.changed(this.level)
  }

  /** Samples for which a connection has sought a path; a failed one stays failed until it has one. */
  #wait(pc: RTCPeerConnection): number {
    const state = pc.iceConnectionState
    const before = this.#unconnected.get(pc) ?? 0
    const now =
      state === 'failed'
        ? SILENT_SAMPLES
        : state === 'checking' || isStranded(pc)
          ? before + 1
          : state === 'connected' || state === 'completed'
            ? 0
            : before
    this.#unconnected.set(pc, now)
    return now
  }

  #path(connections: readonly RTCPeerConnection[]): NetworkSample['path'] {
    const ice = connections.map((pc) => pc.iceConnectionState)
    const waits = Math.max(...connections.map((pc) => this.#wait(pc)))
    if (waits >= SILENT_SAMPLES || this.#silent >= SILENT_SAMPLES) return 'dead'
    return ice.includes('disconnected') || !this.#live ? 'shaky' : 'good'
  }
}

/** Identifiers are unique within one connection only. */
const scope = ({ id, localId }: Stat, connection: number) => ({
  id: `${connection}:${id}`,
  localId: `${connection}:${localId}`,
})
