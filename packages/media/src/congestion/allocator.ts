/** What is known of one layer of a wished video. */
export interface LayerOption {
  /** Pixels, 0 while unknown. */
  readonly height: number
  /** bit/s */
  readonly rate: number
  /** Packets are coming, or would on request. */
  readonly active: boolean
}

/** One wished video. */
export interface Demand {
  readonly wishedHeight: number
  readonly layers: readonly LayerOption[]
  /** The layers are of one size, in ascending order of what else they differ in. */
  readonly isOneSize?: boolean
  /** Index of the layer chosen before, or -1. */
  readonly chosen: number
}

/** A layer somewhat smaller than wished will do. */
const ENOUGH = 0.75
/** Below this a view is small, when no layer's height is known yet. */
const SMALL_VIEW = 240
/**
 * Part of what is available that a change for the better must leave, so that it does not flap: an
 * estimate that has to back off goes down by as much, and comes back.
 */
const ROOM = 0.15

/** A layer that was never seen is the page's larger one: it starts with the smallest. */
const size = (l: LayerOption): number => l.height || Number.POSITIVE_INFINITY

/** The demand's layers, smallest first, as indices. */
const inOrder = ({ layers, isOneSize }: Demand): number[] =>
  layers
    .map((_, i) => i)
    .sort((a, b) => {
      if (isOneSize) return a - b
      const [one, other] = [layers[a] as LayerOption, layers[b] as LayerOption]
      return size(one) === size(other) ? a - b : size(one) - size(other)
    })

/** The active ones among them; a silent only layer counts as there. */
const present = (d: Demand): number[] => {
  const order = inOrder(d)
  const active = order.filter((i) => d.layers[i]?.active)
  // A screen that does not change is silent in all its layers.
  return active.length ? active : d.isOneSize ? order : order.slice(0, 1)
}

/** Which of these layers the wished height asks for, as position in `order`. */
const wished = (d: Demand, order: readonly number[]): number => {
  if (d.isOneSize || order.every((i) => !d.layers[i]?.height))
    return d.wishedHeight < SMALL_VIEW ? 0 : order.length - 1
  const fits = order.findIndex((i) => size(d.layers[i] as LayerOption) >= d.wishedHeight * ENOUGH)
  return fits < 0 ? order.length - 1 : fits
}

/** The layer that the view alone asks for, active or not, as index; -1 without layers. */
export const preferred = (d: Demand): number => {
  const order = inOrder(d)
  return order[wished(d, order)] ?? -1
}

/**
 * Shares `available` bit/s among videos: first every video its smallest layer, in the order of the
 * wishes, then larger ones as far as wished, largest views first. The result names a layer index per
 * demand, or -1 for a video that has to pause.
 */
export const allocate = (demands: readonly Demand[], available: number): number[] => {
  let left = available
  const room = Math.max(0, available) * ROOM
  const chosen = demands.map(() => -1)
  const orders = demands.map(present)
  demands.forEach((d, i) => {
    const smallest = orders[i]?.[0] ?? -1
    const rate = d.layers[smallest]?.rate ?? 0
    if (rate + (d.chosen < 0 ? room : 0) > left && rate > 0) return
    chosen[i] = smallest
    left -= rate
  })
  const byView = demands.map((_, i) => i)
  byView.sort((a, b) => (demands[b]?.wishedHeight ?? 0) - (demands[a]?.wishedHeight ?? 0))
  for (const i of byView) {
    const d = demands[i] as Demand
    const order = orders[i] as number[]
    if (chosen[i] === -1) continue
    const all = inOrder(d)
    const before = all.indexOf(d.chosen)
    for (let at = wished(d, order); at > 0; at--) {
      const option = order[at] as number
      const more = (d.layers[option]?.rate ?? 0) - (d.layers[chosen[i] as number]?.rate ?? 0)
      if (more + (all.indexOf(option) > before ? room : 0) > left) continue
      chosen[i] = option
      left -= more
      break
    }
  }
  return chosen
}
