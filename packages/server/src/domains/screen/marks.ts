import { type Events, LIMITS, type Mark } from '@yuntang/protocol'

/** What a stroke costs in a frame besides its points, counted in points. */
const MARK_COST = 60

export interface MarkPart {
  readonly userID: string
  readonly id: string
  readonly color: number
  readonly width: number
  /** Number of the first of these points in the stroke. */
  readonly from: number
  readonly points: readonly number[]
}

/** `missing`: some points before these are not here. Null: nothing of it is new, or has room. */
export type MarkAnswer = Events['screen.marked'] | 'missing' | null

const keyOf = (userID: string, id: string) => `${userID}\n${id}`

/**
 * The strokes over one share, in the order in which they began (spec 09 §6). Too many strokes: the
 * oldest goes, here and, by the same rule, in every page.
 */
export class Marks {
  readonly #byKey = new Map<string, Mark>()
  #n = 0

  /** Told the number of every stroke that came, grew or went. */
  constructor(private readonly changed: (n: number) => void = () => {}) {}

  /** Strokes of an earlier run, in order. */
  restore(marks: readonly Mark[]): void {
    for (const mark of marks) {
      this.#byKey.set(keyOf(mark.userID, mark.id), mark)
      this.#n = Math.max(this.#n, mark.n)
    }
  }

  all(): Iterable<Mark> {
    return this.#byKey.values()
  }

  /** What members are told. */
  add({ userID, id, color, width, from: first, points }: MarkPart): MarkAnswer {
    const key = keyOf(userID, id)
    const known = this.#byKey.get(key)
    const from = (known?.points.length ?? 0) / 2
    if (first > from) return 'missing'
    const fresh = points.slice(2 * (from - first))
    const taken = fresh.slice(0, 2 * Math.min(fresh.length >> 1, LIMITS.markPoints - from))
    if (taken.length === 0) return null
    if (known) {
      known.points.push(...taken)
      this.changed(known.n)
      return { ...known, from, points: taken }
    }
    this.#n += 1
    const mark = { userID, id, n: this.#n, color, width, points: [...taken] }
    this.#byKey.set(key, mark)
    this.changed(mark.n)
    const [oldest] = this.#byKey
    if (this.#byKey.size > LIMITS.marks && oldest) this.#drop(...oldest)
    return { ...mark, from, points: taken }
  }

  #drop(key: string, { n }: Mark): void {
    this.#byKey.delete(key)
    this.changed(n)
  }

  /** False when the user had none. */
  remove(userID: string): boolean {
    const theirs = [...this.#byKey].filter(([, mark]) => mark.userID === userID)
    for (const entry of theirs) this.#drop(...entry)
    return theirs.length > 0
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
