import type { Mark } from '@yuntang/protocol'
import type { Clock } from '../../core/clock.ts'
import type { Log } from '../../core/log.ts'
import type { MarkStore } from '../../storage/port.ts'
import type { Marks } from './marks.ts'

/** Strokes of so many milliseconds are written together. */
const WRITE_MS = 1_000

interface Changed {
  readonly share: number
  readonly marks: Marks
  readonly numbers: Set<number>
}

/** Writes strokes behind: one that is drawn for a second is written once or twice. */
export class MarkKeeper {
  #changed = new Map<number, Changed>()
  #cancel: (() => void) | null = null
  #running: Promise<void> = Promise.resolve()
  #closed = false

  constructor(
    private readonly store: MarkStore,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  /** The stroke `n` of the share that began at `share` came, grew or went. */
  changed(meeting: number, share: number, marks: Marks, n: number): void {
    let changed = this.#changed.get(meeting)
    if (changed?.share !== share) {
      changed = { share, marks, numbers: new Set() }
      this.#changed.set(meeting, changed)
    }
    changed.numbers.add(n)
    this.#soon()
  }

  #soon(): void {
    if (!this.#closed) this.#cancel ??= this.clock.schedule(WRITE_MS, () => this.#due())
  }

  #due(): void {
    this.#cancel = null
    this.#running = this.#running.then(() => this.#write())
  }

  async #write(): Promise<void> {
    const all = this.#changed
    this.#changed = new Map()
    for (const [meeting, changed] of all)
      try {
        await this.store.save(meeting, changed.share, contentOf(changed))
      } catch (err) {
        this.log.error({ err, meeting }, 'strokes could not be stored; they are tried again')
        this.#again(meeting, changed)
      }
  }

  #again(meeting: number, { share, marks, numbers }: Changed): void {
    const later = this.#changed.get(meeting)
    if (later && later.share !== share) return
    for (const n of numbers) this.changed(meeting, share, marks, n)
  }

  /** The share is over: its strokes go. */
  ended(meeting: number): void {
    this.#changed.delete(meeting)
    this.#running = this.#running.then(() =>
      this.store.remove(meeting).catch((err: unknown) => {
        this.log.error({ err, meeting }, 'strokes of an ended share could not be removed')
      }),
    )
  }

  /** Strokes of shares that go on, by meeting; what belongs to no such share is forgotten. */
  async restore(shares: ReadonlyMap<number, number>): Promise<Map<number, Mark[]>> {
    const restored = new Map<number, Mark[]>()
    for (const { meeting, share } of await this.store.shares())
      if (shares.get(meeting) !== share) await this.store.remove(meeting, share)
      else {
        const rows = await this.store.load(meeting, share)
        restored.set(
          meeting,
          rows.map(({ data }) => JSON.parse(data) as Mark),
        )
      }
    return restored
  }

  /** Resolves when everything is stored. */
  close(): Promise<void> {
    this.#closed = true
    this.#cancel?.()
    this.#due()
    return this.#running
  }
}

/** What is to be written, as the strokes are now. */
const contentOf = ({ marks, numbers }: Changed) => {
  const written = [...marks.all()].filter(({ n }) => numbers.has(n))
  const there = new Set(written.map(({ n }) => n))
  return {
    marks: written.map((mark) => ({ n: mark.n, data: JSON.stringify(mark) })),
    gone: [...numbers].filter((n) => !there.has(n)),
  }
}
