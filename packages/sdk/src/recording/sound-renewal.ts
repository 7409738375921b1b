/** How long a look at the clocks takes at least, seconds, and how often they are read in it. */
const LOOK = 0.5
const LOOKS = 8
/** How fast the clocks may part by themselves: a poor oscillator is off by 200 millionths. */
const MOST_DRIFT = 0.0003
/** What the clocks part by at once, in a look: no oscillator does that; seconds. */
const STEP = 0.001
/** So late sound is put right; seconds. */
const LATE = 0.005
/** The sources are made anew this often at least: microphones have clocks of their own, too; seconds. */
const OFTEN = 30

/** When the sources of a mix have to be made anew. */
export interface Renewal {
  /** Asked at every picture. True: make them anew now. */
  due(): boolean
}

/**
 * Sound that a busy machine does not mix in time piles up in front of the mix, a little each time, and
 * stays late for good; a source that is made anew begins in time. `ahead`: how far the page's clock is
 * ahead of the mix's, seconds; null: unknown. Of what is seen in a look the least counts: readings are
 * late, never early.
 */
export const createRenewal = (ahead: () => number | null, pageNow: () => number): Renewal => {
  /** At the last look. */
  let before = ahead()
  /** What was lost at once, and what little by little beyond what clocks part by. */
  let steps = 0
  let creep = 0
  let since = pageNow()
  let least = Number.POSITIVE_INFINITY
  let looks = 0
  let renewed = since

  const look = (page: number) => {
    const now = ahead()
    if (now === null) return
    before ??= now
    least = Math.min(least, now)
    looks++
    const looked = page - since
    if (looked < LOOK || looks < LOOKS) return
    const grown = least - before
    const isStep = Math.abs(grown) > STEP
    steps = Math.max(0, steps + (isStep ? grown : 0))
    creep = Math.max(0, creep + (isStep ? 0 : grown) - looked * MOST_DRIFT)
    before = least
    since = page
    least = Number.POSITIVE_INFINITY
    looks = 0
  }

  return {
    due() {
      const page = pageNow()
      look(page)
      if (steps + creep <= LATE && page - renewed < OFTEN) return false
      steps = 0
      creep = 0
      renewed = page
      return true
    },
  }
}
