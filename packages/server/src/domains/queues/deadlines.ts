/** Something that falls due. What became void meanwhile is recognised when its time comes. */
export interface Deadline {
  readonly at: number
  readonly kind: 'offer' | 'engage' | 'cooldown' | 'wait' | 'suspension'
  readonly userID: string
  /** Only with `cooldown`: who may not be offered the customer until then. */
  readonly agent?: string
}

/** Void ones below this number are not worth looking for. */
const FEW = 1_000

/** Deadlines by time: a binary heap. */
export class Deadlines {
  #heap: Deadline[] = []
  /** As many as there may be before the void ones go. */
  #most = FEW

  get size(): number {
    return this.#heap.length
  }

  get first(): Deadline | undefined {
    return this.#heap[0]
  }

  /**
   * People may do and undo as fast as they like what falls due in an hour: when there are many, those
   * of which `isLive` says no go, and so do repeated ones.
   */
  add(deadline: Deadline, isLive: (deadline: Deadline) => boolean): void {
    if (this.#heap.length >= this.#most) this.#sweep(isLive)
    this.#push(deadline)
  }

  #sweep(isLive: (deadline: Deadline) => boolean): void {
    const all = new Map(
      this.#heap.filter(isLive).map((d) => [`${d.at} ${d.kind} ${d.agent ?? ''}\n${d.userID}`, d]),
    )
    this.#heap = []
    for (const deadline of all.values()) this.#push(deadline)
    this.#most = FEW + 2 * all.size
  }

  #push(deadline: Deadline): void {
    const heap = this.#heap
    let at = heap.push(deadline) - 1
    while (at > 0) {
      const parent = (at - 1) >>> 1
      if ((heap[parent] as Deadline).at <= deadline.at) break
      heap[at] = heap[parent] as Deadline
      at = parent
    }
    heap[at] = deadline
  }

  removeFirst(): void {
    const heap = this.#heap
    const last = heap.pop()
    if (!last || heap.length === 0) return
    let at = 0
    for (;;) {
      let child = 2 * at + 1
      if (child >= heap.length) break
      const right = heap[child + 1]
      if (right && right.at < (heap[child] as Deadline).at) child++
      if ((heap[child] as Deadline).at >= last.at) break
      heap[at] = heap[child] as Deadline
      at = child
    }
    heap[at] = last
  }
}
