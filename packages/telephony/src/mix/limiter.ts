/** What the limiter lets pass at most. */
const CEILING = 30_000
/** Part of the way back to full loudness that is taken in one frame of 20 ms. */
const RELEASE = 0.05
/** The gain falls within so many samples. */
const ATTACK = 96

/** Several voices at once may be louder than a line can carry: all are turned down instead of clipped. */
export class Limiter {
  #gain = 1

  run(sum: Int32Array, out: Int16Array): void {
    let peak = 0
    for (let i = 0; i < sum.length; i++) {
      const x = sum[i] as number
      if (x > peak) peak = x
      else if (-x > peak) peak = -x
    }
    const room = peak > CEILING ? CEILING / peak : 1
    const from = this.#gain
    const to = Math.min(room, from + (1 - from) * RELEASE)
    this.#gain = to > 0.999 ? 1 : to
    const ramp = to < from ? Math.min(ATTACK, out.length) : out.length
    for (let i = 0; i < out.length; i++) {
      const gain = i < ramp ? from + ((to - from) * i) / ramp : to
      const x = (sum[i] as number) * gain
      out[i] = Math.max(-32_768, Math.min(32_767, x))
    }
  }
}
