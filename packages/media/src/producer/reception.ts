import type { SenderReport } from '../rtp/rtcp.ts'
import type { ReportBlock } from '../rtp/rtcp-write.ts'
import type { StreamCount } from './gaps.ts'

/** A moment of the publisher's clock and the RTP time that belongs to it. */
export interface ClockPoint {
  readonly ntpMs: number
  readonly rtpTime: number
}

const MAX_LOST = 0x7fffff

/** How one stream is received: jitter, loss and the publisher's clock (RFC 3550 §6.4, appendix A). */
export class Reception {
  clock: ClockPoint | null = null
  #lastReport: { middle: number; at: number } | null = null
  #jitter = 0
  #transit: number | null = null
  #expectedBefore = 0
  #receivedBefore = 0

  constructor(private readonly clockRate: number) {}

  /** RFC 3550 appendix A.8. */
  packet(timestamp: number, now: number): void {
    const transit = (now * this.clockRate) / 1000 - timestamp
    if (this.#transit !== null) {
      const d = Math.abs(transit - this.#transit)
      if (d < this.clockRate) this.#jitter += (d - this.#jitter) / 16
    }
    this.#transit = transit
  }

  senderReport(r: SenderReport, now: number): void {
    this.#lastReport = {
      middle: (((r.ntpHigh & 0xffff) << 16) | (r.ntpLow >>> 16)) >>> 0,
      at: now,
    }
    this.clock = { ntpMs: r.ntpHigh * 1000 + (r.ntpLow / 2 ** 32) * 1000, rtpTime: r.rtpTime }
  }

  /** What the publisher is told of this stream. */
  report(ssrc: number, { highest, expected, received }: StreamCount, now: number): ReportBlock {
    const newExpected = expected - this.#expectedBefore
    const lost = newExpected - (received - this.#receivedBefore)
    this.#expectedBefore = expected
    this.#receivedBefore = received
    const last = this.#lastReport
    return {
      ssrc,
      fractionLost:
        newExpected > 0 && lost > 0 ? Math.min(255, Math.floor((lost * 256) / newExpected)) : 0,
      cumulativeLost: Math.max(0, Math.min(MAX_LOST, expected - received)),
      highestSeq: highest,
      jitter: Math.floor(this.#jitter),
      lastSr: last?.middle ?? 0,
      delaySinceSr: last ? Math.floor(((now - last.at) * 65_536) / 1000) : 0,
    }
  }
}
