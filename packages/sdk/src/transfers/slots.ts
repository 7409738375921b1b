/** Transfers of one page by their IDs: who runs, who waits for a slot, who is paused (spec 06 §1). */
export interface Slots {
  readonly running: readonly string[]
  /** In the order in which they start. */
  readonly waiting: readonly string[]
  readonly paused: readonly string[]
}

export interface SlotCommand {
  readonly do: 'add' | 'pause' | 'resume' | 'remove'
  readonly id: string
}

export const NO_TRANSFERS: Slots = { running: [], waiting: [], paused: [] }
/** Transfers that run at a time, where nothing else is said. */
export const MOST_RUNNING = 3

const has = ({ running, waiting, paused }: Slots, id: string) =>
  [running, waiting, paused].some((list) => list.includes(id))

const without = (slots: Slots, id: string): Slots => {
  const others = (list: readonly string[]) => list.filter((other) => other !== id)
  return {
    running: others(slots.running),
    waiting: others(slots.waiting),
    paused: others(slots.paused),
  }
}

/** Free slots go to those who wait longest. A paused transfer keeps no slot. */
const refill = ({ running, waiting, paused }: Slots, most: number): Slots => {
  const free = Math.max(0, most - running.length)
  return { running: [...running, ...waiting.slice(0, free)], waiting: waiting.slice(free), paused }
}

/** The transfers after a command; one that makes no sense changes nothing. */
export const step = (slots: Slots, { do: action, id }: SlotCommand, most = MOST_RUNNING): Slots => {
  const rest = without(slots, id)
  if (action === 'remove') return refill(rest, most)
  if (action === 'add')
    return has(slots, id) ? slots : refill({ ...slots, waiting: [...slots.waiting, id] }, most)
  if (action === 'pause')
    return has(slots, id) && !slots.paused.includes(id)
      ? refill({ ...rest, paused: [...slots.paused, id] }, most)
      : slots
  return slots.paused.includes(id)
    ? refill({ ...rest, waiting: [...slots.waiting, id] }, most)
    : slots
}
