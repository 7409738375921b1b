import { type CbProxy, handlerOf } from './cb-proxy.ts'
import { SLOTS, SLOTS_OF_FOUR, type SlotName } from './slot-names.ts'

/** Arguments whose text is never turned into an object (spec 00 §3, delivery of arguments). */
const PLAIN_ARGUMENTS = new Set(
  (
    'userID usrID userid id callerID sourceUserId fromUserID operId targetId operatorID callID ' +
    'taskID inviteID fileID boardID elementIDs fileName tmpFile orgFileName videoID videoId base64PcmDat'
  ).split(' '),
)

/** JSON text of an object or array becomes the value; every other text stays text. */
export function parseArgument(name: string, value: unknown): unknown {
  if (typeof value !== 'string' || PLAIN_ARGUMENTS.has(name)) return value
  const trimmed = value.trim()
  if (!/^[[{]/.test(trimmed)) return value
  try {
    return JSON.parse(trimmed)
  } catch {
    return value
  }
}

const isThenable = (value: unknown): value is PromiseLike<unknown> =>
  typeof value === 'object' && value !== null && typeof Reflect.get(value, 'then') === 'function'

/** What one event carries beyond its arguments. */
export interface EmitOptions {
  /** Arguments for a handler that declares four or more parameters (spec 00 §3, arity). */
  ifLength4?: readonly unknown[]
  /** Asked at delivery; false drops the event. */
  alive?: () => boolean
}

interface Queued extends EmitOptions {
  slot: SlotName
  args: readonly unknown[]
}

/** Events in one go. */
const MOST_PER_TURN = 500

/** Surroundings of the delivery, injected for tests. */
export interface DeliveryPorts {
  /** Runs before anything else that happens to the page. */
  defer(run: () => void): void
  /** Runs after the page had its turn. */
  yield(run: () => void): void
  report(error: unknown): void
}

/** The page's one FIFO of events: asynchronous and never re-entrant (spec 00 §3 rules 5–7, 9). */
export class Delivery {
  private queue: Queued[] = []
  private scheduled = false
  constructor(
    private readonly slots: Readonly<Record<SlotName, CbProxy>>,
    private readonly ports: DeliveryPorts,
  ) {}

  /** Queues one event; its handler is looked up when its turn comes. */
  emit(slot: SlotName, args: readonly unknown[], options: EmitOptions = {}): void {
    this.queue.push({ ...options, slot, args })
    if (this.scheduled) return
    this.scheduled = true
    this.ports.defer(() => this.drain())
  }

  /** Whether the page listens to a slot now. */
  hasHandler(slot: SlotName): boolean {
    return handlerOf(this.slots[slot]) !== null
  }

  /** Forgets everything that is not delivered yet. */
  clear(): void {
    this.queue = []
  }

  /** A handler that always causes the next event must not freeze the page. */
  private drain(): void {
    for (let turn = 0; turn < MOST_PER_TURN; turn++) {
      const event = this.queue.shift()
      if (!event) {
        this.scheduled = false
        return
      }
      this.deliver(event)
    }
    this.ports.yield(() => this.drain())
  }

  private deliver(event: Queued): void {
    if (event.alive?.() === false) return
    const handler = handlerOf(this.slots[event.slot])
    if (!handler) return
    const four = event.ifLength4 && handler.length >= 4
    const names = (four && SLOTS_OF_FOUR[event.slot]) || SLOTS[event.slot]
    const args = (four ? (event.ifLength4 ?? []) : event.args).map((value, index) =>
      parseArgument(names.split(' ')[index] ?? '', value),
    )
    try {
      const answer: unknown = Reflect.apply(handler, undefined, args)
      if (isThenable(answer)) answer.then(undefined, (error: unknown) => this.ports.report(error))
    } catch (error) {
      this.ports.report(error)
    }
  }
}
