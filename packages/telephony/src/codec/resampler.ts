/** Between telephone quality and 48 kHz. */
const FACTOR = 6
const HIGH_RATE = 48_000
/** Half power here: telephones pass 300 to 3,400 Hz, nothing above 4,000 may come back. */
const CUTOFF = 3_700
/** Filter taps at 8 kHz; at 48 kHz six times as many. */
const TAPS = 32
/** Kaiser's window for 70 dB of stopband. */
const BETA = 6.8

const bessel = (x: number): number => {
  let sum = 1
  let term = 1
  for (let k = 1; k < 30; k++) {
    term *= (x / (2 * k)) ** 2
    sum += term
  }
  return sum
}

/** A low-pass filter at 48 kHz whose taps sum up to one. */
const lowPass = (): Float32Array => {
  const n = TAPS * FACTOR
  const middle = (n - 1) / 2
  const taps = Float64Array.from({ length: n }, (_, i) => {
    const t = i - middle
    const turn = (2 * Math.PI * CUTOFF * t) / HIGH_RATE
    const window = bessel(BETA * Math.sqrt(1 - (t / (n / 2)) ** 2)) / bessel(BETA)
    return (turn === 0 ? 1 : Math.sin(turn) / turn) * window
  })
  const sum = taps.reduce((a, b) => a + b, 0)
  return Float32Array.from(taps, (tap) => tap / sum)
}

const FILTER = lowPass()
/** The filter's taps for each of the six samples between two of 8 kHz, oldest sample first. */
const PHASES = Array.from({ length: FACTOR }, (_, phase) =>
  Float32Array.from(
    { length: TAPS },
    (_, k) => (FILTER[(TAPS - 1 - k) * FACTOR + phase] as number) * FACTOR,
  ),
)

const clamp = (x: number): number => (x > 32_767 ? 32_767 : x < -32_768 ? -32_768 : Math.round(x))

/** 8 kHz to 48 kHz. Delay: 2 ms. */
export class Upsampler {
  readonly #past = new Float32Array(TAPS - 1)

  /** `out` is six times as long as `sound`. */
  run(sound: Int16Array, out: Int16Array): void {
    const all = new Float32Array(TAPS - 1 + sound.length)
    all.set(this.#past)
    all.set(sound, TAPS - 1)
    for (let i = 0; i < sound.length; i++)
      for (let phase = 0; phase < FACTOR; phase++) {
        const taps = PHASES[phase] as Float32Array
        let sum = 0
        for (let k = 0; k < TAPS; k++) sum += (taps[k] as number) * (all[i + k] as number)
        out[i * FACTOR + phase] = clamp(sum)
      }
    this.#past.set(all.subarray(sound.length))
  }
}

/** 48 kHz to 8 kHz. Delay: 2 ms. */
export class Downsampler {
  readonly #past = new Float32Array(FILTER.length - 1)

  /** `out` is a sixth as long as `sound`. */
  run(sound: Int16Array, out: Int16Array): void {
    const all = new Float32Array(FILTER.length - 1 + sound.length)
    all.set(this.#past)
    all.set(sound, FILTER.length - 1)
    for (let i = 0; i < out.length; i++) {
      let sum = 0
      const from = i * FACTOR
      for (let k = 0; k < FILTER.length; k++)
        sum += (FILTER[k] as number) * (all[from + k] as number)
      out[i] = clamp(sum)
    }
    this.#past.set(all.subarray(sound.length))
  }
}
