import type { CodecName } from '../line.ts'

/** A codec of a description and the payload type it has there. */
export interface Codec {
  readonly name: CodecName
  readonly payloadType: number
}

/** `telephone-event` (RFC 4733), one for each clock rate of a codec. */
export interface Digits {
  readonly payloadType: number
  readonly clockRate: number
}

/** Clock rate of RTP time stamps; Opus always says 48,000 (RFC 7587 §4.1). */
export const CLOCK_RATES: Readonly<Record<CodecName, number>> = {
  opus: 48_000,
  PCMA: 8000,
  PCMU: 8000,
}

/** What we offer, best first: Opus where the trunk takes it, else G.711 (payload types of RFC 3551). */
export const OFFERED: readonly Codec[] = [
  { name: 'opus', payloadType: 111 },
  { name: 'PCMA', payloadType: 8 },
  { name: 'PCMU', payloadType: 0 },
]

export const OFFERED_DIGITS: readonly Digits[] = [
  { payloadType: 101, clockRate: 8000 },
  { payloadType: 102, clockRate: 48_000 },
]
