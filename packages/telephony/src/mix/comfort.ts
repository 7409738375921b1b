/** Peak of the noise: about −75 dBov, as quiet lines have. */
const PEAK = 10
const LENGTH = 48_000

/** A line that is quite dead makes people ask whether anybody is there. */
const NOISE = ((): Int16Array => {
  const noise = new Int16Array(LENGTH)
  let state = 0x2545f491
  for (let i = 0; i < LENGTH; i++) {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    noise[i] = (state >> 8) % PEAK
  }
  return noise
})()

/** The quiet of a line on which nobody speaks. */
export class ComfortNoise {
  #at = 0

  fill(frame: Int16Array): void {
    if (this.#at + frame.length > LENGTH) this.#at = 0
    frame.set(NOISE.subarray(this.#at, this.#at + frame.length))
    this.#at += frame.length
  }
}
