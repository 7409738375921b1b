/** A device that has made no sound for so long stands still; seconds. */
const STILL = 0.5

/** The time of sound. */
export interface SoundTime {
  /** Seconds that only grow: what was made, and what was not made because the device stood still. */
  readonly now: number
  /** The device makes no sound; time goes on by the page's clock. */
  readonly stands: boolean
  /** Where a moment of the device lies in it. */
  of(made: number): number
}

/**
 * Sound and page count time by clocks of their own, that part by seconds in a day. A recording follows
 * the sound, whose samples cannot be stretched; the page's clock only helps over a device that stands
 * still: unplugged, or taken by a telephone call. Both in seconds.
 */
export const createSoundTime = (soundNow: () => number, pageNow: () => number): SoundTime => {
  let sound = soundNow()
  let page = pageNow()
  let lost = 0
  /** Where the device stood last, and what had been lost before. */
  let stop = { at: Number.NEGATIVE_INFINITY, lost: 0 }
  const now = () => {
    const [made, passed] = [soundNow(), pageNow()]
    if (made > sound) {
      const stood = passed - page - (made - sound)
      if (stood > STILL) {
        stop = { at: sound, lost }
        lost += stood
      }
      sound = made
      page = passed
    }
    const still = passed - page
    return sound + lost + (still > STILL ? still : 0)
  }
  return {
    get now() {
      return now()
    },
    get stands() {
      now()
      return pageNow() - page > STILL
    },
    of(made) {
      now()
      // A busy page hears late of what was made before the device stood.
      return made + (made <= stop.at ? stop.lost : lost)
    },
  }
}
