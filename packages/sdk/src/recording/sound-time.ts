/** A device that has made no sound for so long stands still; seconds. */
const STILL = 0.5

/** The time of sound. */
export interface SoundTime {
  /** Seconds that only grow: what was made, and what was not made because the device stood still. */
  readonly now: number
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
  const now = () => {
    const [made, passed] = [soundNow(), pageNow()]
    if (made > sound) {
      const stood = passed - page - (made - sound)
      if (stood > STILL) lost += stood
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
    of(made) {
      now()
      return made + lost
    },
  }
}

/** How often is looked whether sound was lost, and what counts; seconds. */
const LOOK_EVERY = 1
const LOST = 0.04

/**
 * Tells, about once a second, whether sound was not made in time since the last look. Browsers let
 * what waits in front of the mix pile up then, and it would stay late for good.
 */
export const createLossWatch = (soundNow: () => number, pageNow: () => number) => {
  let sound = soundNow()
  let page = pageNow()
  return (): boolean => {
    const [made, passed] = [soundNow() - sound, pageNow() - page]
    if (passed < LOOK_EVERY) return false
    sound += made
    page += passed
    return passed - made > LOST
  }
}
