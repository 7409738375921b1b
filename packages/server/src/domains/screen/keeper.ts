import type { Mark } from '@yuntang/protocol'
import type { Clock } from '../../core/clock.ts'
import type { Log } from '../../core/log.ts'
import { WriteBehind } from '../../core/write-behind.ts'
import type { MarkStore } from '../../storage/port.ts'
import type { Marks } from './marks.ts'

interface Changed {
  readonly share: number
  readonly marks: Marks
  readonly numbers: Set<number>
}

/** Writes strokes behind: one that is drawn for a second is written once or twice. */
export class MarkKeeper {
  readonly #behind: WriteBehind<Changed>

  constructor(
    private readonly store: MarkStore,
    clock: Clock,
    private readonly log: Log,
  ) {
    this.#behind = new WriteBehind(clock, {
      write: (meeting, changed) => store.save(meeting, changed.share, contentOf(changed)),
      failed: (err, meeting) =>
        log.error({ err, meeting }, 'strokes could not be stored; they are tried again'),
      merge: (failed, later) =>
        failed.share === later.share
          ? { ...later, numbers: new Set([...failed.numbers, ...later.numbers]) }
          : later,
    })
  }

  /** The stroke `n` of the share that began at `share` came, grew or went. */
  changed(meeting: number, share: number, marks: Marks, n: number): void {
    const waiting = this.#behind.waiting(meeting)
    const changed =
      waiting?.share === share ? waiting : { share, marks, numbers: new Set<number>() }
    changed.numbers.add(n)
    this.#behind.set(meeting, changed)
  }

  /** The share is over: its strokes go. */
  ended(meeting: number): void {
    this.#behind.end(meeting, () =>
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
    return this.#behind.close()
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
