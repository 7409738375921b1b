import type { LineTarget } from '../line.ts'
import { DigitReader, DigitWriter } from '../rtp/digits.ts'
import { emptyHeader, readRtp, writeRtp } from '../rtp/header.ts'
import { Reception } from '../rtp/reception.ts'
import { readRtcp, writeReport } from '../rtp/rtcp.ts'
import { TrustedSource } from '../rtp/source.ts'
import type { PortPair } from './sockets.ts'

/** A report every five seconds (RFC 3550 §6.2), in frames of 20 ms. */
const REPORT_FRAMES = 250
/** Sound of a telephone in one packet; RTCP is never larger either. */
const MAX_BYTES = 1_500

export interface RtpStreamEvents {
  /** Another source speaks from now on: its numbers have nothing to do with those before. */
  began(): void
  /** A packet of the other side's sound. */
  sound(seq: number, timestamp: number, payload: Uint8Array): void
  /** A number of the same source that carries no sound. */
  other(seq: number, timestamp: number): void
  digit(digit: string): void
}

/** The packets of one line, both ways. */
export class RtpStream {
  readonly #source = new TrustedSource()
  readonly #digits = new DigitReader()
  readonly #presses = new DigitWriter()
  readonly #header = emptyHeader()
  #reception = new Reception()
  /** Whose sound is played, and whose came last. */
  #speaker = { now: -1, last: -1 }
  #to: LineTarget | null = null
  #rate = 8_000
  #seq: number
  #timestamp: number
  #marker = true
  #sent = { packets: 0, octets: 0, isNew: false }
  #untilReport = REPORT_FRAMES

  constructor(
    private readonly ports: PortPair,
    private readonly numbers: { ssrc: number; seq: number; timestamp: number; cname: string },
    private readonly now: () => number,
    private readonly events: RtpStreamEvents,
  ) {
    this.#seq = numbers.seq & 0xffff
    this.#timestamp = numbers.timestamp >>> 0
    ports.onRtp = (packet, address, port) => this.#receive(packet, address, port)
    ports.onRtcp = (packet, address) => {
      if (packet.length <= MAX_BYTES && this.#source.isAddress(address))
        readRtcp(packet, {
          senderReport: (_ssrc, ntp) => this.#reception.senderReport(ntp, this.now()),
        })
    }
  }

  /** `rate` of the RTP clock, Hz (RFC 3551, RFC 7587). */
  connect(to: LineTarget, rate: number): void {
    if (rate !== this.#rate) this.#reception = new Reception()
    this.#source.expect(to.address, to.port)
    this.#to = to
    this.#rate = rate
    this.#marker = true
  }

  #receive(packet: Buffer, address: string, port: number): void {
    const h = this.#header
    const to = this.#to
    if (!to || packet.length > MAX_BYTES || !readRtp(packet, h)) return
    const isDigit = to.digits !== null && h.payloadType === to.digits
    if (!isDigit && h.payloadType !== to.payloadType) return
    if (!this.#source.accepts(address, port)) return
    const payload = packet.subarray(h.payload, h.end)
    if (isDigit) this.#digit(payload)
    else if (payload.length > 0 && this.#isSpeaker()) {
      this.#count()
      this.events.sound(h.seq, h.timestamp, payload)
    }
  }

  #digit(payload: Buffer): void {
    const { ssrc, seq, timestamp } = this.#header
    const digit = this.#digits.read(ssrc, timestamp, payload)
    if (digit !== null) this.events.digit(digit)
    if (ssrc !== this.#speaker.now) return
    this.#count()
    this.events.other(seq, timestamp)
  }

  #count(): void {
    const { ssrc, seq, timestamp } = this.#header
    this.#reception.packet(ssrc, seq, timestamp, this.now(), this.#rate)
  }

  /** Another source takes over with its second packet in a row: two at once would cut each other up. */
  #isSpeaker(): boolean {
    const { ssrc } = this.#header
    const { now, last } = this.#speaker
    this.#speaker.last = ssrc
    if (ssrc === now) return true
    if (now >= 0 && ssrc !== last) return false
    this.#speaker.now = ssrc
    this.events.began()
    return true
  }

  press(digits: string): void {
    if (this.#to?.digits != null) this.#presses.press(digits)
  }

  /** Sends 20 ms: a press, else what `sound` makes; nothing when that is null. */
  send(sound: () => Uint8Array | null): void {
    if (!this.#to) return
    const ticks = this.#rate / 50
    const pressed = this.#presses.next(this.#timestamp, ticks)
    if (pressed && this.#to.digits !== null) {
      for (const p of pressed) this.#packet(this.#to.digits, p.marker, p.timestamp, p.payload)
    } else {
      const payload = sound()
      if (payload) this.#packet(this.#to.payloadType, this.#marker, this.#timestamp, payload)
      this.#marker = payload === null
    }
    this.#timestamp = (this.#timestamp + ticks) >>> 0
    this.#untilReport -= 1
    if (this.#untilReport <= 0) this.report()
  }

  #packet(payloadType: number, marker: boolean, timestamp: number, payload: Uint8Array): void {
    const to = this.#to as LineTarget
    const seq = this.#seq
    const { ssrc } = this.numbers
    const packet = writeRtp({ payloadType, marker, timestamp, seq, ssrc }, payload)
    this.#seq = (seq + 1) & 0xffff
    this.#sent.packets += 1
    this.#sent.octets += payload.length
    this.#sent.isNew = true
    this.ports.sendRtp(packet, this.#source.port, to.address)
  }

  report(): void {
    const to = this.#to
    this.#untilReport = REPORT_FRAMES
    if (!to) return
    const { isNew, packets, octets } = this.#sent
    const report = writeReport({
      ssrc: this.numbers.ssrc,
      cname: this.numbers.cname,
      now: Date.now(),
      sent: isNew ? { timestamp: this.#timestamp, packets, octets } : null,
      received: this.#reception.report(this.now()),
    })
    this.#sent.isNew = false
    this.ports.sendRtcp(report, to.port + 1, to.address)
  }
}
