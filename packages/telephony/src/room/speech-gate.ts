/** −dBov: quieter is the line's own noise. */
const QUIET = 58
/** Pauses between words are sent, and the end of one is not cut off: frames of 20 ms. */
const HANGOVER = 20

/** Decides which frames of a telephone are worth sending: its silence costs nothing. */
export class SpeechGate {
  #left = 0

  /** `last`: the frame ends a stretch of speech, and should end softly. */
  admit(level: number): 'speech' | 'last' | 'silence' {
    if (level <= QUIET) {
      this.#left = HANGOVER
      return 'speech'
    }
    if (this.#left === 0) return 'silence'
    this.#left -= 1
    return this.#left === 0 ? 'last' : 'speech'
  }
}
