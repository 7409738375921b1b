/** Zero crossings of the filter on each side. */
const CROSSINGS = 16
/** Of the lower Nyquist frequency: what is left is the filter's slope. */
const PASSED = 0.92

const gcd = (a: number, b: number): number => (b === 0 ? a : gcd(b, a % b))

/** A windowed sinc at `u` input samples from its middle; `cutoff` in cycles per input sample. */
const lowPass = (u: number, cutoff: number, half: number): number => {
  if (Math.abs(u) >= half) return 0
  const x = 2 * Math.PI * cutoff * u
  const window = 0.5 + 0.5 * Math.cos((Math.PI * u) / half)
  return (x === 0 ? 1 : Math.sin(x) / x) * window
}

/** Changes the sample rate of a stream without drift, and without what the lower rate cannot hold. */
export class Resampler {
  readonly #step: number
  readonly #phases: number
  readonly #half: number
  /** One filter for each place that an output sample has between two input samples. */
  readonly #filters: Float32Array[]
  /** Input that is still needed. */
  #held: Float32Array
  /** Place of the next output sample in `#held`, in input samples and phases. */
  #at: number
  #phase = 0

  /** Whole rates in Hz. */
  constructor(from: number, to: number) {
    const common = gcd(from, to)
    this.#step = from / common
    this.#phases = to / common
    const ratio = Math.max(1, from / to)
    this.#half = Math.ceil(CROSSINGS * ratio)
    const cutoff = (0.5 * PASSED) / ratio
    this.#filters = Array.from({ length: this.#phases }, (_, phase) => {
      const taps = Float32Array.from({ length: 2 * this.#half }, (_, i) =>
        lowPass(i - this.#half + 1 - phase / this.#phases, cutoff, this.#half),
      )
      const sum = taps.reduce((a, b) => a + b, 0)
      return taps.map((tap) => tap / sum)
    })
    // Silence before the first sample.
    this.#held = new Float32Array(this.#half - 1)
    this.#at = this.#half - 1
  }

  /** The output that the input up to now gives. */
  push(input: Float32Array): Float32Array {
    const held = new Float32Array(this.#held.length + input.length)
    held.set(this.#held)
    held.set(input, this.#held.length)
    const out: number[] = []
    while (this.#at + this.#half < held.length) {
      const taps = this.#filters[this.#phase] as Float32Array
      const first = this.#at - this.#half + 1
      let sum = 0
      for (let i = 0; i < taps.length; i++) sum += (taps[i] as number) * (held[first + i] as number)
      out.push(sum)
      const phase = this.#phase + this.#step
      this.#at += Math.floor(phase / this.#phases)
      this.#phase = phase % this.#phases
    }
    const done = Math.min(this.#at - this.#half + 1, held.length)
    this.#held = held.slice(done)
    this.#at -= done
    return Float32Array.from(out)
  }
}
