/// <reference path="./opus-binding.d.ts" />
import load from 'opusscript/build/opusscript_native_wasm.js'

export const OPUS_RATE = 48_000

/** Requests of libopus. */
const SET_BITRATE = 4002
const SET_MAX_BANDWIDTH = 4004
const SET_COMPLEXITY = 4010
const SET_INBAND_FEC = 4012
const SET_PACKET_LOSS = 4014
const APPLICATION_VOIP = 2048
const NARROWBAND = 1101

/** Samples of the longest packet, 120 ms (RFC 6716 §3.1): the binding writes as many as a packet holds. */
const LONGEST = 5_760
const MAX_PACKET = 1_275 * 3

/**
 * The codec's memory is shared by all, and so are the places where samples and packets cross into it.
 * The wrapper of the package is not used: it keeps views of that memory, which are void when it grows,
 * so that all codecs would fail with about the 160th.
 */
const open = () => {
  const binding = load()
  return {
    binding,
    samples: binding._malloc(LONGEST * 2 * 2),
    packet: binding._malloc(MAX_PACKET),
  }
}
let shared: ReturnType<typeof open> | null = null
const memory = () => {
  shared ??= open()
  return shared
}

export interface OpusOptions {
  /** bit/s. */
  readonly bitrate: number
  /** 0 to 10. */
  readonly complexity: number
  /** The sound has nothing above 4 kHz. */
  readonly isNarrow?: boolean
}

/** An Opus encoder and decoder, 48 kHz mono (RFC 6716); stereo packets are decoded to mono. */
export class OpusCodec {
  readonly rate = OPUS_RATE
  readonly #handler: InstanceType<ReturnType<typeof load>['OpusScriptHandler']>
  #isClosed = false

  constructor({ bitrate, complexity, isNarrow = false }: OpusOptions) {
    const { binding } = memory()
    this.#handler = new binding.OpusScriptHandler(OPUS_RATE, 1, APPLICATION_VOIP)
    this.#handler._encoder_ctl(SET_BITRATE, bitrate)
    this.#handler._encoder_ctl(SET_COMPLEXITY, complexity)
    this.#handler._encoder_ctl(SET_INBAND_FEC, 1)
    this.#handler._encoder_ctl(SET_PACKET_LOSS, 5)
    if (isNarrow) this.#handler._encoder_ctl(SET_MAX_BANDWIDTH, NARROWBAND)
  }

  /** A frame of 20 ms as a packet; null when the codec refuses it. */
  encode(frame: Int16Array): Uint8Array<ArrayBuffer> | null {
    if (this.#isClosed) return null
    const { binding, samples, packet } = memory()
    // The binding takes samples byte by byte, each in 16 bits.
    const halves = binding.HEAPU16
    let at = samples >> 1
    for (let i = 0; i < frame.length; i++) {
      const sample = frame[i] as number
      halves[at++] = sample & 0xff
      halves[at++] = (sample >> 8) & 0xff
    }
    const n = this.#handler._encode(samples, frame.length * 2, packet, frame.length)
    return n > 0 ? binding.HEAPU8.slice(packet, packet + n) : null
  }

  decode(payload: Uint8Array, out: Int16Array): number {
    if (this.#isClosed || payload.length === 0 || payload.length > MAX_PACKET) return 0
    const { binding, samples, packet } = memory()
    binding.HEAPU8.set(payload, packet)
    const n = Math.min(this.#handler._decode(packet, payload.length, samples), out.length)
    const halves = binding.HEAPU16
    let at = samples >> 1
    for (let i = 0; i < n; i++) {
      out[i] = ((halves[at++] as number) & 0xff) | ((halves[at++] as number) << 8)
    }
    return Math.max(0, n)
  }

  /** Idempotent. */
  close(): void {
    if (this.#isClosed) return
    this.#isClosed = true
    memory().binding.OpusScriptHandler.destroy_handler(this.#handler)
  }
}
