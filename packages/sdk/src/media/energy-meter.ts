import { nextLevel, toDbfs } from './energy-scale.ts'
import type { OwnedDevices } from './port.ts'
import type { Incoming } from './receiving.ts'
import { TrackMeter } from './track-meter.ts'

/** At most five reports a second and member (spec 08 §5), ms. */
const PERIOD = 200

export interface EnergyDeps {
  readonly devices: OwnedDevices
  readonly me: string
  readonly micOpen: (userID: string) => boolean
  readonly incoming: () => Iterable<Incoming>
  readonly changed: (userID: string, old: number, now: number) => void
}

/** Speech levels of all open microphones, measured by this page. */
export class EnergyMeter {
  readonly #levels = new Map<string, number>()
  /** RTP time of the last measurement by receiver: no new packet means silence. */
  readonly #seen = new WeakMap<RTCRtpReceiver, number>()
  readonly #tracks = new TrackMeter()
  readonly #timer: ReturnType<typeof setInterval>
  readonly #deps: EnergyDeps

  constructor(deps: EnergyDeps) {
    this.#deps = deps
    this.#timer = setInterval(() => this.#measure(), PERIOD)
  }

  level(userID: string): number {
    return this.#levels.get(userID) ?? 0
  }

  /** One final 0 for each member that still had a level. */
  close(): void {
    clearInterval(this.#timer)
    this.#tracks.close()
    for (const userID of [...this.#levels.keys()]) this.#set(userID, 0)
  }

  #measure(): void {
    const { devices, me, micOpen, incoming } = this.#deps
    const measured = new Map<string, number>()
    const own = devices.micLevel()
    if (own !== Number.NEGATIVE_INFINITY && micOpen(me)) measured.set(me, own)
    for (const source of incoming())
      if (source.kind === 'mic' && micOpen(source.userID))
        measured.set(source.userID, this.#received(source))
    for (const userID of [...this.#levels.keys()]) if (!measured.has(userID)) this.#set(userID, 0)
    for (const [userID, dbfs] of measured) this.#set(userID, nextLevel(this.level(userID), dbfs))
  }

  #received({ receiver, stream }: Incoming): number {
    const [source] = receiver.getSynchronizationSources()
    if (!source) return Number.NEGATIVE_INFINITY
    const last = this.#seen.get(receiver)
    this.#seen.set(receiver, source.rtpTimestamp)
    if (last === source.rtpTimestamp) return Number.NEGATIVE_INFINITY
    if (source.audioLevel === undefined) return this.#tracks.level(stream)
    return toDbfs(source.audioLevel)
  }

  #set(userID: string, now: number): void {
    const old = this.level(userID)
    if (now === 0) this.#levels.delete(userID)
    else this.#levels.set(userID, now)
    if (old !== now) this.#deps.changed(userID, old, now)
  }
}
