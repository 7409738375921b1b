import { type Events, LIMITS } from '@yuntang/protocol'
import type { Clock } from '../../core/clock.ts'

type Spot = Events['board.spots']['spots'][number]

/** Where members point: the newest place of each, at most 20 times a second (spec 12 §5). */
export class Spots {
  readonly #newest = new Map<string, Spot>()
  #cancel: (() => void) | null = null

  constructor(
    private readonly clock: Clock,
    private readonly tell: (spots: Spot[]) => void,
  ) {}

  point(spot: Spot): void {
    this.#newest.set(spot.by, spot)
    if (!this.#cancel) this.#tick()
  }

  #tick(): void {
    this.tell([...this.#newest.values()])
    this.#newest.clear()
    this.#cancel = this.clock.schedule(LIMITS.boardSpotEvery, () => {
      this.#cancel = null
      if (this.#newest.size > 0) this.#tick()
    })
  }

  close(): void {
    this.#cancel?.()
    this.#cancel = null
  }
}
