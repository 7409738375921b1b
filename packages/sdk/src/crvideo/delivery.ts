import { type CbProxy, handlerOf } from './cb-proxy.ts'
import { SLOTS, type SlotName } from './slot-names.ts'

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
  if (!/^\s*[[{]/.test(value)) return value
  try {
    return JSON.parse(value)
  } catch {
    return value
  }
}

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

/** Surroundings of the delivery, injected for tests. */
export interface DeliveryPorts {
  defer(run: () => void): void
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

  /** Forgets everything that is not delivered yet. */
  clear(): void {
    this.queue = []
  }

  private drain(): void {
    for (let event = this.queue.shift(); event; event = this.queue.shift()) this.deliver(event)
    this.scheduled = false
  }

  private deliver(event: Queued): void {
    if (event.alive?.() === false) return
    const handler = handlerOf(this.slots[event.slot])
    if (!handler) return
    const four = event.ifLength4 && handler.length >= 4
    const names = four ? [] : SLOTS[event.slot].split(' ')
    const args = (four ? (event.ifLength4 ?? []) : event.args).map((value, index) =>
      parseArgument(names[index] ?? '', value),
    )
    try {
      const answer: unknown = Reflect.apply(handler, undefined, args)
      if (answer instanceof Promise) answer.catch((error: unknown) => this.ports.report(error))
    } catch (error) {
      this.ports.report(error)
    }
  }
}
