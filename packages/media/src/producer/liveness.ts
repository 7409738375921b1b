/** A layer that was silent this long is not there (Chromium stops the large one when it must). */
const SILENT_MS = 2_000
/** It is missed earlier when the track's other layers went on: so long, and by so many pictures. */
const OUTRUN_MS = 300
const OUTRUN_PICTURES = 3
/** A key frame takes the room of the pictures behind it: for so long twice as much may be missing. */
const KEY_ROOM_MS = 2_000
/** It lags when it lacked so many pictures of the others' for so long; each of its own makes up for two. */
const LAG_PICTURES = 5
const LAG_MS = 1_000
const MADE_UP = 2
/**
 * One that stumbled or lagged has to go on for so long first: each change costs a key frame. Twice as long
 * each time when it did so again soon.
 */
const STEADY_MS = 1_000
const STEADY_MOST_MS = 4_000
const SOON_MS = 10_000
/** While it has to, it may not miss so many pictures in a row. */
const STEADY_PICTURES = 2

/** Whether a layer of a track flows, as seen beside the track's other layers. Times in ms. */
export class Liveness {
  #lastAt = Number.NEGATIVE_INFINITY
  #keyAt = Number.NEGATIVE_INFINITY
  #requested = true
  #requestedAt: number | null = null
  /** Pictures of other layers since the last packet of this one. */
  #outrunBy = 0
  /** Pictures that it lacks, and since when it lacks any. */
  #lack = 0
  #lacksSince = 0
  /** Until then it has to go on without stumbling. */
  #unsteadyUntil = Number.NEGATIVE_INFINITY
  #steadyMs = STEADY_MS

  /** The page is asked to send it; it may take {@link SILENT_MS} to come. */
  get requested(): boolean {
    return this.#requested
  }

  /** A packet of it came. */
  packet(now: number): void {
    const isBack = now - this.#lastAt >= SILENT_MS
    if (this.#isOutrun(now) && this.#isJudged(now)) this.#falters(now, isBack)
    this.#lastAt = now
    this.#outrunBy = 0
  }

  /** A key frame of it begins. */
  keyFrame(now: number): void {
    this.#keyAt = now
  }

  /** A picture of it is complete. */
  picture(): void {
    this.#lack = Math.max(0, this.#lack - MADE_UP)
  }

  /** A picture of another layer is complete; only a larger layer has one to fall back on when it lags. */
  outrun(now: number, isLarger: boolean): void {
    this.#outrunBy += 1
    if (!isLarger || !this.#isJudged(now)) return
    const stumbles = now < this.#unsteadyUntil && this.#outrunBy >= STEADY_PICTURES
    if (stumbles || this.#lags(now)) this.#falters(now, false)
  }

  #lags(now: number): boolean {
    if (this.#hasKeyRoom(now)) this.#lack = 0
    if (this.#lack === 0) this.#lacksSince = now
    this.#lack = Math.min(LAG_PICTURES, this.#lack + 1)
    return this.#lack === LAG_PICTURES && now - this.#lacksSince >= LAG_MS
  }

  /** Asks the page for it, or lets it rest. */
  request(wanted: boolean, now: number): void {
    this.#requested = wanted
    if (!wanted) return
    this.#requestedAt = now
    this.#lack = 0
  }

  isActive(now: number): boolean {
    return !this.#isOutrun(now) && now - this.#lastAt < SILENT_MS
  }

  /** Flowing, or to be had for the asking: not one that the page cannot send just now. */
  isAvailable(now: number): boolean {
    const isThere = this.isActive(now) && now >= this.#unsteadyUntil
    return isThere || !this.#requested || this.#isComing(now)
  }

  /** `isBack`: it had gone altogether, which is no faltering of its pace. */
  #falters(now: number, isBack: boolean): void {
    const stayed = now - this.#unsteadyUntil
    if (isBack || stayed >= SOON_MS) this.#steadyMs = STEADY_MS
    else if (stayed >= 0) this.#steadyMs = Math.min(STEADY_MOST_MS, this.#steadyMs * 2)
    this.#unsteadyUntil = now + this.#steadyMs
  }

  #isOutrun(now: number): boolean {
    const times = this.#hasKeyRoom(now) ? 2 : 1
    return this.#outrunBy >= OUTRUN_PICTURES * times && now - this.#lastAt >= OUTRUN_MS * times
  }

  #isComing(now: number): boolean {
    return this.#requestedAt !== null && now - this.#requestedAt < SILENT_MS
  }

  #hasKeyRoom(now: number): boolean {
    return now - this.#keyAt < KEY_ROOM_MS
  }

  /** What rests, begins, or was asked for a moment ago, neither stumbles nor lags. */
  #isJudged(now: number): boolean {
    return this.#requested && Number.isFinite(this.#lastAt) && !this.#isComing(now)
  }
}
