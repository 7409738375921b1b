import type { Placed } from './clock.ts'
import type { Samples } from './sound-mix.ts'

/** The part of two channels that a clock wants. */
export const cutSamples = ({ planes, from, to }: Samples, part: Placed): Samples['planes'] => {
  const length = planes.length / 2
  const frameAt = (at: number) => Math.round(((at - from) / (to - from)) * length)
  const [begin, end] = [frameAt(part.from), frameAt(part.to)]
  if (begin === 0 && end === length) return planes
  const cut = new Float32Array(2 * (end - begin))
  cut.set(planes.subarray(begin, end))
  cut.set(planes.subarray(length + begin, length + end), end - begin)
  return cut
}
