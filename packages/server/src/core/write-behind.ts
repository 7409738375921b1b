import type { Clock } from './clock.ts'

/** Changes of so many milliseconds are written together. */
const WRITE_MS = 1_000

export interface WriteBehindPorts<C> {
  write(meeting: number, changes: C): Promise<void>
  /** Changes could not be written; they are tried again, with what came later. */
  failed(err: unknown, meeting: number): void
  merge(failed: C, later: C): C
}

/** Writes what changed in each meeting in a second in one go: what changes all the time is written once or twice. */
export class WriteBehind<C> {
  #waiting = new Map<number, C>()
  #cancel: (() => void) | null = null
  #running: Promise<void> = Promise.resolve()
  #closed = false

  constructor(
    private readonly clock: Clock,
    private readonly ports: WriteBehindPorts<C>,
  ) {}

  waiting(meeting: number): C | undefined {
    return this.#waiting.get(meeting)
  }

  /** These are all the changes of the meeting that wait. */
  set(meeting: number, changes: C): void {
    this.#waiting.set(meeting, changes)
    if (!this.#closed) this.#cancel ??= this.clock.schedule(WRITE_MS, () => this.#due())
  }

  #due(): void {
    this.#cancel = null
    this.#running = this.#running.then(() => this.#write())
  }

  async #write(): Promise<void> {
    const all = this.#waiting
    this.#waiting = new Map()
    for (const [meeting, changes] of all)
      try {
        await this.ports.write(meeting, changes)
      } catch (err) {
        this.ports.failed(err, meeting)
        const later = this.#waiting.get(meeting)
        this.set(meeting, later ? this.ports.merge(changes, later) : changes)
      }
  }

  /** Nothing more of the meeting is written; `remove` runs once what is being written is. */
  end(meeting: number, remove: () => Promise<void>): void {
    this.#waiting.delete(meeting)
    this.#running = this.#running.then(() => {
      // A write that failed in the meantime wants to be tried again.
      this.#waiting.delete(meeting)
      return remove()
    })
  }

  /** Resolves when everything is written. */
  close(): Promise<void> {
    this.#closed = true
    this.#cancel?.()
    this.#due()
    return this.#running
  }
}
