import { frameLevel } from './level.ts'
import type { Limiter } from './limiter.ts'

/** Voices that a telephone hears at once. */
const VOICES = 4
/** A voice keeps its place over short pauses: it counts as loud as it was, less so much a frame, dB. */
const FADES = 0.6

/** One sound of a room. Its owner fills `frame` for each mix. */
export class Voice {
  readonly frame: Int16Array
  /** −dBov of the frame. */
  level = 127
  #loudness = 0

  constructor(samples: number) {
    this.frame = new Int16Array(samples)
  }

  /** The frame has been filled. */
  filled(isSilent: boolean): void {
    this.level = isSilent ? 127 : frameLevel(this.frame)
    this.#loudness = Math.max(127 - this.level, this.#loudness - FADES)
  }

  get loudness(): number {
    return this.#loudness
  }
}

/** Mix-minus: each hears the loudest few of all others, and never itself. */
export class Mixer {
  readonly #sum: Int32Array
  #loudest: Voice[] = []

  constructor(samples: number) {
    this.#sum = new Int32Array(samples)
  }

  /** Begins a turn with all voices of the room; one more is kept for those who are among the loudest. */
  begin(voices: Iterable<Voice>): void {
    const audible = [...voices].filter((v) => v.level < 127)
    audible.sort((a, b) => b.loudness - a.loudness)
    this.#loudest = audible.slice(0, VOICES + 1)
  }

  /** What the owner of `own` hears; false when nobody else says anything. */
  mix(own: Voice | null, limiter: Limiter, out: Int16Array): boolean {
    const sum = this.#sum
    let heard = 0
    for (const voice of this.#loudest) {
      if (voice === own || heard === VOICES) continue
      const { frame } = voice
      if (heard === 0) for (let i = 0; i < sum.length; i++) sum[i] = frame[i] as number
      else for (let i = 0; i < sum.length; i++) sum[i] = (sum[i] as number) + (frame[i] as number)
      heard += 1
    }
    if (heard > 0) limiter.run(sum, out)
    return heard > 0
  }
}
