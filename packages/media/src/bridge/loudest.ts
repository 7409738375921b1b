/** Sounds that pass at the same time: more than these nobody can follow. */
const PLACES = 4
/** −dBov; what is quieter asks for no place, and loses its own after a while. */
const QUIET = 75
/** A place is kept over pauses between words, ms. */
const KEPT_MS = 800
/** So much louder another has to be to take a place, dB: else two would take turns. */
const LOUDER = 6
/** A sound is as loud as it was, less so much a second, dB. */
const FADES = 30

interface Heard {
  /** dB above the least that RFC 6464 knows. */
  loudness: number
  at: number
  audibleAt: number
  hasPlace: boolean
}

/** Which few of many sounds are worth passing on, by the levels of their packets. */
export class Loudest<K> {
  readonly #heard = new Map<K, Heard>()

  /** Whether this packet passes. `level` in −dBov (RFC 6464 §3), `now` in ms. */
  admit(key: K, level: number, now: number): boolean {
    const heard = this.#note(key, level, now)
    if (heard.hasPlace) heard.hasPlace = now - heard.audibleAt < KEPT_MS
    else if (level <= QUIET) heard.hasPlace = this.#makePlace(heard, now)
    return heard.hasPlace
  }

  #note(key: K, level: number, now: number): Heard {
    let heard = this.#heard.get(key)
    if (!heard) {
      heard = { loudness: 0, at: now, audibleAt: Number.NEGATIVE_INFINITY, hasPlace: false }
      this.#heard.set(key, heard)
    }
    const faded = heard.loudness - ((now - heard.at) / 1000) * FADES
    heard.loudness = Math.max(127 - level, faded)
    heard.at = now
    if (level <= QUIET) heard.audibleAt = now
    return heard
  }

  #makePlace(claimant: Heard, now: number): boolean {
    let taken = 0
    let weakest: Heard | null = null
    for (const other of this.#heard.values()) {
      if (!other.hasPlace) continue
      // Its packets stopped coming.
      if (now - other.audibleAt >= KEPT_MS) {
        other.hasPlace = false
        continue
      }
      taken += 1
      if (!weakest || other.loudness < weakest.loudness) weakest = other
    }
    if (taken < PLACES) return true
    if (!weakest || claimant.loudness < weakest.loudness + LOUDER) return false
    weakest.hasPlace = false
    return true
  }

  /** The sound is over. */
  forget(key: K): void {
    this.#heard.delete(key)
  }
}
