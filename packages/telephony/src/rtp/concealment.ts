/** Lags between which the pitch of a voice is looked for, s. */
const SHORTEST = 1 / 400
const LONGEST = 1 / 66
/** Of the past that is kept, s. */
const KEPT = 0.04
/** A guessed voice fades away within, s. */
const FADE = 0.06
/** Sound that comes back begins softly, s. */
const BLEND = 0.004
/** The search needs no more than telephone quality, Hz. */
const SEARCH_RATE = 8_000

/** Stands in for lost sound: goes on with the last pitch period and fades (as G.711 appendix I does). */
export class Concealer {
  readonly #past: Int16Array
  #period = 0
  /** Samples made up without a break. */
  #run = 0

  constructor(private readonly rate: number) {
    this.#past = new Int16Array(Math.round(rate * KEPT))
  }

  #remember(sound: Int16Array): void {
    const past = this.#past
    const n = Math.min(past.length, sound.length)
    past.copyWithin(0, n)
    past.set(sound.subarray(sound.length - n), past.length - n)
  }

  /** Real sound: what follows a made up stretch is blended in. */
  heard(sound: Int16Array): void {
    if (this.#run > 0) {
      const n = Math.min(sound.length, Math.round(this.rate * BLEND))
      const guess = new Int16Array(n)
      this.#guess(guess)
      for (let i = 0; i < n; i++)
        sound[i] = ((guess[i] as number) * (n - i) + (sound[i] as number) * i) / n
      this.#run = 0
    }
    this.#remember(sound)
  }

  /** Fills `out` with what might have been there; in the end with silence. */
  fill(out: Int16Array): void {
    if (this.#run === 0) this.#period = this.#pitch()
    this.#guess(out)
    this.#run += out.length
    this.#remember(out)
  }

  #guess(out: Int16Array): void {
    const past = this.#past
    const period = this.#period
    const fade = this.rate * FADE
    const before = Math.max(0, 1 - this.#run / fade)
    for (let i = 0; i < out.length; i++) {
      const now = Math.max(0, 1 - (this.#run + i) / fade)
      const from = past.length - period + (i % period)
      // What is repeated was faded when it was made up.
      out[i] = before > 0 ? ((past[from] as number) * now) / before : 0
    }
  }

  /** The lag at which the last sound is most like what was before. */
  #pitch(): number {
    const past = this.#past
    const step = Math.max(1, Math.round(this.rate / SEARCH_RATE))
    const span = Math.round(this.rate * (KEPT - LONGEST))
    const longest = Math.floor(this.rate * LONGEST)
    let best = longest
    let most = 0
    for (let lag = Math.floor(this.rate * SHORTEST); lag <= longest; lag += step) {
      let product = 0
      let energy = 1
      for (let i = past.length - span; i < past.length; i += step) {
        const other = past[i - lag] as number
        product += (past[i] as number) * other
        energy += other * other
      }
      const likeness = product > 0 ? (product * product) / energy : 0
      if (likeness > most) {
        most = likeness
        best = lag
      }
    }
    return best
  }
}
