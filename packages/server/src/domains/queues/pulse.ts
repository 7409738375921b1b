import type { QueueStatus, Queuing } from '@yuntang/protocol'
import type { Clock } from '../../core/clock.ts'
import type { Message } from './announce.ts'
import type { Queue, QueuesState } from './model.ts'
import { queuingOf, statusOf } from './views.ts'

/** Positions reach a customer, and the numbers of a queue reach a page, at most this often. */
const INTERVAL = 1000

interface Beat {
  at: number
  told: QueueStatus | null
  cancel: (() => void) | null
}

/** What a customer was told last of its place in a queue. */
interface Told {
  readonly queue: number
  readonly position: number
  readonly at: number
}

const same = (a: QueueStatus | null, b: QueueStatus) =>
  a !== null && a.agents === b.agents && a.waiting === b.waiting && a.served === b.served

/**
 * Merges what changes often: the numbers of a queue and the positions in it. The first change goes out
 * at once, later ones together when the interval is over, so that the last value always arrives.
 */
export class Pulse {
  readonly #beats = new Map<number, Beat>()
  readonly #told = new Map<string, Told>()

  constructor(
    private readonly clock: Clock,
    private readonly state: QueuesState,
    private readonly send: (message: Message) => void,
  ) {}

  /** The customer was told its place by a message of its own. */
  told(userID: string, { queue, position }: Queuing): void {
    if (queue < 0) this.#told.delete(userID)
    else this.#told.set(userID, { queue, position, at: this.clock.now() })
  }

  /** The customer's link is back: it hears of its place when that is another by now. */
  back(userID: string): void {
    const place = queuingOf(this.state, userID, this.clock.now())
    const told = this.#told.get(userID)
    if (place.queue >= 0 && (told?.queue !== place.queue || told.position !== place.position))
      this.#tellPlace(userID, place)
  }

  #tellPlace(userID: string, place: Queuing): void {
    this.told(userID, place)
    this.send({ to: userID, event: 'queues.queuing', data: place })
  }

  touched(id: number): void {
    const beat = this.#beats.get(id) ?? { at: Number.NEGATIVE_INFINITY, told: null, cancel: null }
    this.#beats.set(id, beat)
    if (beat.cancel) return
    const wait = beat.at + INTERVAL - this.clock.now()
    if (wait <= 0) this.#beat(id, beat)
    else this.#arm(id, beat, wait)
  }

  #arm(id: number, beat: Beat, ms: number): void {
    beat.cancel = this.clock.schedule(ms, () => {
      beat.cancel = null
      this.#beat(id, beat)
    })
  }

  #beat(id: number, beat: Beat): void {
    const queue = this.state.queues.get(id)
    if (!queue) return
    beat.at = this.clock.now()
    const late = this.#positions(queue)
    const status = statusOf(queue)
    if (!same(beat.told, status)) {
      beat.told = status
      for (const to of queue.agents) this.send({ to, event: 'queues.status', data: status })
      for (const to of queue.customers)
        if (!this.#isServed(to)) this.send({ to, event: 'queues.status', data: status })
    }
    if (late) this.#arm(id, beat, INTERVAL)
  }

  #isServed(userID: string): boolean {
    const stage = this.state.customers.get(userID)?.stage
    return stage !== 'waiting' && stage !== 'offered'
  }

  /** True when somebody was told too short a while ago and has to wait. */
  #positions(queue: Queue): boolean {
    const now = this.clock.now()
    let late = false
    let position = -1
    for (const { userID, joinedAt } of queue.waiting) {
      position++
      const told = this.#told.get(userID)
      if (told?.position === position || !this.state.users.get(userID)?.alive) continue
      if (told && now - told.at < INTERVAL) late = true
      else
        this.#tellPlace(userID, {
          queue: queue.definition.id,
          position,
          waited: Math.max(0, now - joinedAt),
        })
    }
    return late
  }

  forget(id: number): void {
    this.#beats.get(id)?.cancel?.()
    this.#beats.delete(id)
  }

  close(): void {
    for (const { cancel } of this.#beats.values()) cancel?.()
    this.#beats.clear()
    this.#told.clear()
  }
}
