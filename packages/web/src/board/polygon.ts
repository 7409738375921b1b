import { shallowRef } from 'vue'
import { polygonOf, regular } from './drafts.ts'
import type { Point } from './geometry.ts'
import { asDraft, type Desk, type Gesture, type Press } from './gestures.ts'
import type { Style } from './tools.ts'

/** Fewer have nothing between them. */
export const LEAST_CORNERS = 3

const isNear = (a: Point | undefined, b: Point, slack: number) =>
  a !== undefined && Math.hypot(a.x - b.x, a.y - b.y) <= slack

/**
 * A polygon that grows by a corner with each press. A press on its first corner closes it, and one on its
 * last, which is what a double click does. `slack`: board units around a corner that count as on it.
 */
export const createPolygon = (style: () => Style) => {
  const corners = shallowRef<readonly Point[]>([])
  /** The page that it began on: others may turn it meanwhile. */
  let desk: Desk | null = null
  let aim: Point | null = null
  let isClosing = false

  const canClose = () => corners.value.length >= LEAST_CORNERS
  const shown = () =>
    asDraft({
      ...polygonOf(aim && !isClosing ? [...corners.value, aim] : corners.value, style(), isClosing),
      elementID: 'polygon',
    })
  const show = () => desk?.scene.draft(corners.value.length > 0 ? shown : null)
  const end = () => {
    desk?.scene.draft(null)
    desk = null
    aim = null
    isClosing = false
    corners.value = []
  }
  const aimAt = (press: Press | null, slack: number) => {
    // Given up while something is pressed.
    if (!desk) return
    const last = corners.value.at(-1)
    aim = press && { ...(last && press.shift ? regular('line', last, press) : press) }
    isClosing = aim !== null && canClose() && isNear(corners.value[0], aim, slack)
    show()
  }
  /** False while there are too few corners. */
  const close = (): boolean => {
    if (!desk || !canClose()) return false
    const { boards, boardID, page, me } = desk
    boards.add(boardID, page, {
      ...polygonOf(corners.value, style(), true),
      elementID: boards.newElementID(),
      userID: me,
    })
    end()
    return true
  }
  const place = (slack: number) => {
    const at = aim
    if (!at) return
    const ends = [corners.value[0], corners.value.at(-1)]
    if (ends.some((corner) => isNear(corner, at, slack))) close()
    else corners.value = [...corners.value, { x: at.x, y: at.y }]
    aim = null
    isClosing = false
    show()
  }
  /** False when there is none. */
  const giveUp = (): boolean => {
    if (!desk) return false
    end()
    return true
  }

  return {
    corners,
    press(at: Desk, from: Press, slack: number): Gesture {
      desk ??= at
      aimAt(from, slack)
      return {
        move: (press) => aimAt(press, slack),
        end: () => place(slack),
        cancel: () => (corners.value.length > 0 ? aimAt(null, slack) : end()),
      }
    },
    /** The mouse is there and nothing is pressed; null: it left. */
    hover: aimAt,
    close,
    giveUp,
    /** Takes the last corner away; false when there is none. */
    back(): boolean {
      if (corners.value.length === 0) return false
      corners.value = corners.value.slice(0, -1)
      if (corners.value.length === 0) end()
      else show()
      return true
    },
    /** Something else is done now: what has corners enough is kept. */
    leave: () => close() || giveUp(),
  }
}

export type Polygon = ReturnType<typeof createPolygon>
