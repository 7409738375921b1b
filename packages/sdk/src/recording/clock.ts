/** A part of the time source that was recorded; seconds. */
interface Span {
  readonly from: number
  /** Infinity while it runs. */
  to: number
  /** Where in the recording it begins. */
  readonly at: number
}

/** What of a piece of time is recorded, and where. */
export interface Placed {
  readonly from: number
  readonly to: number
  readonly at: number
}

/** Pauses that a late piece of sound may lie behind at most. */
const KEPT_SPANS = 8

/** Counts recorded time, cut out of a time source in seconds. */
export interface RecordClock {
  readonly seconds: number
  readonly stands: boolean
  /** Idempotent. */
  pause(): void
  /** Idempotent. */
  resume(): void
  place(from: number, to: number): Placed[]
}

export const createClock = (now: () => number): RecordClock => {
  let spans: Span[] = [{ from: now(), to: Number.POSITIVE_INFINITY, at: 0 }]
  const last = () => spans.at(-1) as Span
  const stands = () => Number.isFinite(last().to)
  const seconds = () => {
    const { from, to, at } = last()
    return at + Math.min(to, now()) - from
  }
  return {
    get seconds() {
      return seconds()
    },
    get stands() {
      return stands()
    },
    pause() {
      if (!stands()) last().to = now()
    },
    resume() {
      if (!stands()) return
      const at = seconds()
      spans = [...spans.slice(-KEPT_SPANS), { from: now(), to: Number.POSITIVE_INFINITY, at }]
    },
    place: (from, to) =>
      spans.flatMap((span) => {
        const [begin, end] = [Math.max(from, span.from), Math.min(to, span.to)]
        return begin < end ? [{ from: begin, to: end, at: span.at + begin - span.from }] : []
      }),
  }
}
