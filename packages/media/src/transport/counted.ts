import { emptyHeader, isRtcp, parseRtp } from '../rtp/header.ts'
import { readRtcp } from '../rtp/rtcp.ts'
import { distance } from '../rtp/seq.ts'
import type { IceParameters, MediaTransport, TransportFactory, TransportState } from './port.ts'

/** What crossed an engine's transports since its start; RTCP is left out of the packets. */
export interface EngineFigures {
  readonly packetsIn: number
  readonly bytesIn: number
  /** Numbers that never came on their way in (RFC 3550 appendix A.3), repaired or not. */
  readonly lostIn: number
  readonly packetsOut: number
  readonly bytesOut: number
  /** Numbers that receivers asked for again. */
  readonly missedOut: number
  /** Transports that are connected now. */
  readonly connected: number
}

/** Streams that one transport's losses are counted for; a page cannot make us hold more. */
const MAX_STREAMS = 64
/** A larger step is a new beginning, not loss. */
const MAX_STEP = 1000

type Counts = { -readonly [K in keyof EngineFigures]: EngineFigures[K] }

/** Passes everything on and counts it. */
class CountedTransport implements MediaTransport {
  onPacket: (packet: Buffer) => void = () => {}
  onState: (state: TransportState) => void = () => {}
  readonly #header = emptyHeader()
  /** Highest number of each stream. */
  readonly #highest = new Map<number, number>()
  #isConnected = false

  constructor(
    private readonly inner: MediaTransport,
    private readonly counts: Counts,
  ) {
    inner.onPacket = (packet) => {
      this.#note(packet)
      this.onPacket(packet)
    }
    inner.onState = (state) => {
      this.#enter(state === 'connected')
      this.onState(state)
    }
  }

  get local() {
    return this.inner.local
  }

  get state() {
    return this.inner.state
  }

  #enter(connected: boolean): void {
    if (connected !== this.#isConnected) this.counts.connected += connected ? 1 : -1
    this.#isConnected = connected
  }

  #note(packet: Buffer): void {
    if (packet.length >= 8 && isRtcp(packet)) {
      readRtcp(packet, { nack: () => void this.counts.missedOut++ })
      return
    }
    this.counts.packetsIn += 1
    this.counts.bytesIn += packet.length
    const h = this.#header
    if (parseRtp(packet, h)) this.#follow(h.ssrc, h.seq)
  }

  /** Every number that is passed over counts as lost until it comes after all. */
  #follow(ssrc: number, seq: number): void {
    const highest = this.#highest.get(ssrc)
    if (highest === undefined && this.#highest.size >= MAX_STREAMS) return
    const step = highest === undefined ? 1 : distance(seq, highest)
    if (step > 0 || step < -MAX_STEP) this.#highest.set(ssrc, seq)
    if (step > 1 && step <= MAX_STEP) this.counts.lostIn += step - 1
    else if (step < 0 && step >= -MAX_STEP) this.counts.lostIn = Math.max(0, this.counts.lostIn - 1)
  }

  send(packet: Buffer): boolean {
    if (!this.inner.send(packet)) return false
    if (!isRtcp(packet)) {
      this.counts.packetsOut += 1
      this.counts.bytesOut += packet.length
    }
    return true
  }

  close(): void {
    this.#enter(false)
    this.inner.close()
  }
}

/** A factory whose transports are counted together. */
export const countedFactory = (inner: TransportFactory) => {
  const counts: Counts = {
    packetsIn: 0,
    bytesIn: 0,
    lostIn: 0,
    packetsOut: 0,
    bytesOut: 0,
    missedOut: 0,
    connected: 0,
  }
  const factory: TransportFactory = {
    candidates: inner.candidates,
    create: (remote: IceParameters) => new CountedTransport(inner.create(remote), counts),
    close: () => inner.close(),
  }
  return { factory, figures: (): EngineFigures => ({ ...counts }) }
}
