import type { Item } from './elements.ts'
import { boundsOf, covers, frameOf, grown, isInside, type Point, type Rect } from './geometry.ts'
import { isHit } from './hits.ts'

/** An item on a page, with what paints it. */
export interface Entry<S> {
  readonly item: Item
  readonly orderID: number
  readonly shape: S
  /** All that it paints. */
  readonly bounds: Rect
}

/** The items of a page in stacking order; equal orders stand as they arrived (spec 12 §1.4). */
export const createEntries = <S>() => {
  let stack: Entry<S>[] = []
  const known = new Map<string, Entry<S>>()

  const place = (entry: Entry<S>) => {
    let low = 0
    let high = stack.length
    while (low < high) {
      const middle = (low + high) >> 1
      if ((stack[middle] as Entry<S>).orderID <= entry.orderID) low = middle + 1
      else high = middle
    }
    stack.splice(low, 0, entry)
  }

  const remove = (id: string): Entry<S> | null => {
    const entry = known.get(id)
    if (!entry) return null
    known.delete(id)
    stack.splice(stack.lastIndexOf(entry), 1)
    return entry
  }

  return {
    get all(): readonly Entry<S>[] {
      return stack
    },
    get: (id: string): Entry<S> | null => known.get(id) ?? null,
    /** Answers what was there before. */
    put(item: Item, orderID: number, shape: S): Entry<S> | null {
      const entry = { item, orderID, shape, bounds: boundsOf(item) }
      const before = known.get(item.id)
      if (before?.orderID === orderID) stack[stack.lastIndexOf(before)] = entry
      else {
        if (before) remove(item.id)
        place(entry)
      }
      known.set(item.id, entry)
      return before ?? null
    },
    remove,
    clear() {
      stack = []
      known.clear()
    },
    /** The topmost item under a point. */
    hit(point: Point, slack: number): Item | null {
      for (let i = stack.length - 1; i >= 0; i--) {
        const { item, bounds } = stack[i] as Entry<S>
        if (isInside(point, grown(bounds, slack)) && isHit(item, point, slack)) return item
      }
      return null
    },
    /** Those that are wholly within. */
    within: (rect: Rect): string[] =>
      stack.filter(({ item }) => covers(rect, frameOf(item))).map(({ item }) => item.id),
  }
}
