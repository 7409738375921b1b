import type { Consumer } from '../consumer/consumer.ts'
import type { Layer } from './layer.ts'

/** An encoding rests when nobody needed it for so long: asking for it again costs a key frame. */
const GRACE_MS = 3_000

/** Which encodings of one video somebody needs; the page is told to pause the others. */
export class LayerDemand {
  #told: string | null
  readonly #neededAt = new Map<Layer, number>()

  constructor(
    private readonly layers: readonly Layer[],
    private readonly consumers: ReadonlySet<Consumer>,
  ) {
    this.#told = `${layers.length}:${layers.map((l) => l.rid).join()}`
  }

  /** The needed rids when they are others than the page knows, else null. */
  change(now: number): string[] | null {
    const needed = this.layers.filter((layer) => this.#isNeeded(layer, now))
    const rids = needed.map((l) => l.rid)
    const told = `${rids.length}:${rids.join()}`
    if (told === this.#told || this.layers.length === 0) return null
    this.#told = told
    for (const layer of this.layers) {
      const wanted = needed.includes(layer)
      if (wanted !== layer.liveness.requested) layer.liveness.request(wanted, now)
    }
    return rids
  }

  #isNeeded(layer: Layer, now: number): boolean {
    const since = this.#neededAt.get(layer)
    // The first stays ready while anybody watches: a path that narrows must not wait for it.
    const isSpare = layer === this.layers[0] && this.consumers.size > 0
    if (isSpare || [...this.consumers].some((c) => c.needs(layer))) {
      this.#neededAt.set(layer, now)
      return true
    }
    if (since === undefined) this.#neededAt.set(layer, now)
    return now - (since ?? now) < GRACE_MS
  }

  /** The page does not know any more what it was told. */
  forget(): void {
    this.#told = null
  }
}
