import { aLaw } from './g711.ts'
import { Upsampler } from './resampler.ts'

const FACTOR = 6

/** Recorded speech (A-law, 8 kHz) as a line says it: 48 kHz mono. */
export const readAlaw = (recorded: Uint8Array): Int16Array => {
  const narrow = new Int16Array(recorded.length)
  aLaw.decode(recorded, narrow)
  const wide = new Int16Array(narrow.length * FACTOR)
  new Upsampler().run(narrow, wide)
  return wide
}
