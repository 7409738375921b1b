import { type Samples, SOUND_RATE } from './sound-mix.ts'

/** Silence stays so far behind: the first sound of a device that goes on has its place; seconds. */
const BEHIND = 0.1
/** Silence that is made at once at most, seconds: a page may have slept for hours. */
const MOST = 1
/** Times are added up: so much is no overlap; seconds. */
const EXACT = 0.002

/** The sound of one recording, from its beginning without gap or overlap. */
export interface SoundTrack {
  /** Two channels one behind the other; what lies before the end of the track is left out. */
  add(planes: Samples['planes'], at: number): void
  /** Silence towards `now`: files are written as far as picture and sound reach both. */
  fill(now: number): void
}

export const createSoundTrack = (
  write: (planes: Samples['planes'], at: number) => void,
): SoundTrack => {
  let end = 0
  const append = (planes: Samples['planes'], at: number) => {
    write(planes, at)
    end = at + planes.length / 2 / SOUND_RATE
  }
  return {
    add(planes, at) {
      // Writers would move everything behind an overlap.
      if (at >= end - EXACT) append(planes, at)
    },
    fill(now) {
      const missing = Math.min(MOST, now - BEHIND - end)
      if (missing > BEHIND) append(new Float32Array(2 * Math.round(missing * SOUND_RATE)), end)
    },
  }
}
