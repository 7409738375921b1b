import type { Boards } from '@yuntang/sdk'
import { onScopeDispose, shallowReactive } from 'vue'
import type { Point } from './geometry.ts'

/** Somebody points at a place of a page, board units. */
export interface Spot extends Point {
  readonly boardID: string
  readonly page: number
  readonly by: string
}

/** A spot is shown for so long (spec 12 §5). */
const SHOWN_MS = 2_000

/** The places that members point at, by user ID, until the calling scope ends. */
export const useSpots = (boards: Boards) => {
  const spots = shallowReactive(new Map<string, Spot>())
  const timers = new Map<string, ReturnType<typeof setTimeout>>()
  const hide = (by: string) => {
    clearTimeout(timers.get(by))
    timers.delete(by)
    spots.delete(by)
  }
  const show = (spot: Spot) => {
    hide(spot.by)
    if (spot.x < 0 || spot.y < 0) return
    spots.set(spot.by, spot)
    timers.set(
      spot.by,
      setTimeout(() => hide(spot.by), SHOWN_MS),
    )
  }
  const stop = boards.on('spot', show)
  onScopeDispose(() => {
    stop()
    for (const timer of timers.values()) clearTimeout(timer)
  })
  return { spots, show, hide }
}
