import { type Events, LIMITS, type Mark } from '@yuntang/protocol'

/** What a stroke costs in a frame besides its points, counted in points. */
const MARK_COST = 60

export interface MarkPart {
  readonly userID: string
  readonly id: string
  readonly color: number
  readonly width: number
  readonly points: readonly number[]
}

/**
 * The strokes over one share, in the order in which they began (spec 09 §6). Too many strokes: the
 * oldest goes, here and, by the same rule, in every page.
 */
export class Marks {
  readonly #byKey = new Map<string, Mark>()
  #n = 0

  /** What members are told; null when the stroke can take none of the points. */
  add({ userID, id, color, width, points }: MarkPart): Events['screen.marked'] | null {
    const key = `${userID}\n${id}`
    const known = this.#byKey.get(key)
    const from = (known?.points.length ?? 0) / 2
    const taken = points.slice(0, 2 * Math.min(points.length >> 1, LIMITS.markPoints - from))
    if (taken.length === 0) return null
    if (known) {
      known.points.push(...taken)
      return { ...known, from, points: taken }
    }
    this.#n += 1
    const mark = { userID, id, n: this.#n, color, width, points: [...taken] }
    this.#byKey.set(key, mark)
    const [oldest] = this.#byKey.keys()
    if (this.#byKey.size > LIMITS.marks && oldest !== undefined) this.#byKey.delete(oldest)
    return { ...mark, from, points: taken }
  }

  /** False when the user had none. */
  remove(userID: string): boolean {
    let any = false
    for (const [key, mark] of this.#byKey) if (mark.userID === userID) any = this.#byKey.delete(key)
    return any
  }

  /** The strokes after the one numbered `after`, as many as fit one frame. */
  part(after: number): { marks: Mark[]; more?: 1 } {
    const marks: Mark[] = []
    let points = 0
    for (const mark of this.#byKey.values()) {
      if (mark.n <= after) continue
      // Names and styles count, too.
      points += mark.points.length / 2 + MARK_COST
      if (marks.length > 0 && points > LIMITS.markPartPoints) return { marks, more: 1 }
      marks.push(mark)
    }
    return { marks }
  }
}
