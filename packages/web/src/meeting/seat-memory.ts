import { hasTexts, inTab, parseStored } from '../ui/settings.ts'

/** My seat as this tab remembers it, so that a reload ends where it began. */
export interface SeatMemory {
  /** Address of the meeting page. */
  readonly path: string
  readonly userID: string
  /** The meeting's password, for this tab only; `""` none. */
  readonly password: string
  readonly mic: boolean
  readonly camera: boolean
}

const KEY = 'seat'
const isSeat = (value: unknown): value is SeatMemory =>
  hasTexts(value, 'path', 'userID', 'password') &&
  ['mic', 'camera'].every((name) => typeof (value as Record<string, unknown>)[name] === 'boolean')

/** Taken at the page's start: a copied tab brings the memory along, but was not reloaded. */
const reloaded = performance
  .getEntriesByType('navigation')
  .some((entry) => (entry as PerformanceNavigationTiming).type === 'reload')
let fresh = reloaded

export const keepSeat = (seat: SeatMemory): void => inTab.write(KEY, JSON.stringify(seat))
/** The person chose to go straight in, by accepting a call say. */
export const expectSeat = (seat: SeatMemory): void => {
  keepSeat(seat)
  fresh = true
}
export const forgetSeat = (): void => inTab.remove(KEY)

/** The seat held in this meeting before the page was reloaded; only the first asker gets it. */
export const takeSeat = (path: string): SeatMemory | null => {
  const seat = fresh ? parseStored(inTab.read(KEY), isSeat) : null
  fresh = false
  return seat?.path === path ? seat : null
}
