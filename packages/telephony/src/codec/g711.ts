/** ITU-T G.711, both laws, by tables. Samples are 16 bits as usual: those of the laws are shifted up. */

const BIAS = 0x84
const CLIP = 32_635

const decodeMu = (code: number): number => {
  const c = ~code & 0xff
  const magnitude = ((((c & 0x0f) << 3) + BIAS) << ((c >> 4) & 7)) - BIAS
  return c & 0x80 ? -magnitude : magnitude
}

const decodeA = (code: number): number => {
  const c = code ^ 0x55
  const segment = (c >> 4) & 7
  const step = ((c & 0x0f) << 4) + 8
  const magnitude = segment === 0 ? step : (step + 0x100) << (segment - 1)
  return c & 0x80 ? magnitude : -magnitude
}

const encodeMu = (sample: number): number => {
  const magnitude = Math.min(Math.abs(sample), CLIP) + BIAS
  const segment = 31 - Math.clz32(magnitude) - 7
  const code = (segment << 4) | ((magnitude >> (segment + 3)) & 0x0f)
  return ~(sample < 0 ? code | 0x80 : code) & 0xff
}

const encodeA = (sample: number): number => {
  const magnitude = Math.min(sample < 0 ? -sample - 1 : sample, 32_767)
  const segment = magnitude < 256 ? 0 : 31 - Math.clz32(magnitude) - 7
  const code = (segment << 4) | ((magnitude >> (segment === 0 ? 4 : segment + 3)) & 0x0f)
  return (sample < 0 ? code : code | 0x80) ^ 0x55
}

/** One law. */
export interface Companding {
  decode(payload: Uint8Array, out: Int16Array): number
  encode(samples: Int16Array, out: Uint8Array): void
}

const tables = (decodeOne: (code: number) => number, encodeOne: (sample: number) => number) => {
  const samples = Int16Array.from({ length: 256 }, (_, code) => decodeOne(code))
  const codes = Uint8Array.from({ length: 65_536 }, (_, i) => encodeOne((i << 16) >> 16))
  return {
    decode(payload: Uint8Array, out: Int16Array): number {
      const n = Math.min(payload.length, out.length)
      for (let i = 0; i < n; i++) out[i] = samples[payload[i] as number] as number
      return n
    },
    encode(sound: Int16Array, out: Uint8Array): void {
      for (let i = 0; i < sound.length; i++) out[i] = codes[(sound[i] as number) & 0xffff] as number
    },
  }
}

/** A-law (PCMA). */
export const aLaw: Companding = tables(decodeA, encodeA)
/** µ-law (PCMU). */
export const muLaw: Companding = tables(decodeMu, encodeMu)
