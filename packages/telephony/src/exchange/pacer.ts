/** ms of a frame. */
const FRAME_MS = 20
/** Frames that are caught up on after the process was held up; the others are left out. */
const MOST_LATE = 5

/** Calls `turn` every 20 ms on average, whatever timers do; rests while `isNeeded` is false. */
export class Pacer {
  #timer: NodeJS.Timeout | null = null
  #due = 0

  constructor(
    private readonly turn: () => void,
    private readonly isNeeded: () => boolean,
  ) {}

  /** Something has come that needs it. */
  wake(): void {
    if (this.#timer) return
    this.#due = performance.now() + FRAME_MS
    this.#timer = setTimeout(() => this.#run(), FRAME_MS)
  }

  #run(): void {
    const now = performance.now()
    if (now - this.#due > MOST_LATE * FRAME_MS) this.#due = now - MOST_LATE * FRAME_MS
    for (; this.#due <= now; this.#due += FRAME_MS) this.turn()
    this.#timer = null
    if (this.isNeeded())
      this.#timer = setTimeout(() => this.#run(), Math.max(1, this.#due - performance.now()))
  }

  stop(): void {
    if (this.#timer) clearTimeout(this.#timer)
    this.#timer = null
  }
}
