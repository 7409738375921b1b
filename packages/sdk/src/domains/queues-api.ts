import type { Cancellable, Events } from '../api.ts'

/** A service queue (spec 05 §1). */
export interface QueueInfo {
  readonly id: number
  readonly name: string
  readonly desc: string
  /** 1–10, smaller is served first. */
  readonly priority: number
}

export interface QueueStatus {
  readonly queue: number
  /** Users serving the queue, free or not. */
  readonly agents: number
  /** Customers not offered to anybody. */
  readonly waiting: number
  /** Customers accepted by an agent or in a session. */
  readonly served: number
}

/** My own place as a customer. */
export interface Queuing {
  /** ≥ 0 the queue I wait in, −1 not queuing, −2 accepted by an agent or in an accepted call. */
  readonly queue: number
  /** People in front of me; 0 is the head. */
  readonly position: number
  /** Milliseconds since joining, counting on; what was waited altogether once accepted. */
  readonly waited: number
}

/** A customer offered to me as an agent. */
export interface Offer {
  readonly queue: number
  readonly userID: string
  /** Nickname; may be empty. */
  readonly name: string
  /** Free text given when joining. */
  readonly text: string
  /** Milliseconds waited so far. */
  readonly waited: number
  /** Milliseconds in which I must answer. */
  readonly answerIn: number
}

/** The call or invite that I am part of. */
export interface QueueSession {
  readonly callID: string
  readonly peerID: string
  readonly peerName: string
  readonly accepted: boolean
  /** 0 for none. */
  readonly meetingID: number
  readonly meetingPassword: string
  /** Milliseconds since acceptance; 0 while it rings. */
  readonly talking: number
}

export interface QueuesEvents {
  /** Numbers of a queue that I wait in or serve changed, or {@link Queues.refresh} asked for them. */
  status: QueueStatus
  /** My own place changed; time alone does not fire it. */
  queuing: Queuing
  /** The server offers me a customer: answer in time, and call the customer. */
  offered: Offer
  /** A customer offered to me or accepted by me is taken back: do not call it. */
  withdrawn: { queue: number; userID: string }
  /** A queue that I served is gone. */
  deleted: { queue: number }
}

/**
 * Service queues, as a customer and as an agent (spec 05). Needs a login. Getters are empty until
 * {@link Queues.init} has succeeded. Errors beside the connection's: queue.unknown, queue.nobody,
 * queue.gone, queue.not-serving, queue.elsewhere, queue.busy, queue.full, param.invalid.
 */
export interface Queues extends Events<QueuesEvents> {
  /** By priority, then by number. */
  readonly list: readonly QueueInfo[]
  readonly queuing: Queuing
  /** Numbers of the queues that I serve, ascending. */
  readonly serving: readonly number[]
  /** The call that I am part of, also one that outlived a reload; null without one. */
  readonly session: QueueSession | null
  /** Last known; null for a queue that is not known. */
  status(queue: number): QueueStatus | null
  /** Loads everything; brings back services that were suspended. May be repeated. */
  init(cancel?: Cancellable): Promise<void>
  /** Asks for all numbers; `status` fires for every queue. */
  refresh(cancel?: Cancellable): Promise<void>

  /** Customer: waits at the end of a queue; again in the same queue only replaces the text. */
  join(options: { queue: number; text?: string }, cancel?: Cancellable): Promise<void>
  /** Customer: leaves the queue; harmless without one and in a session. */
  leave(cancel?: Cancellable): Promise<void>

  /** Agent: serves a queue; customers are offered by themselves unless do-not-disturb is on. */
  serve(queue: number, cancel?: Cancellable): Promise<void>
  stopServing(queue: number, cancel?: Cancellable): Promise<void>
  /** Agent: asks for one customer. */
  next(cancel?: Cancellable): Promise<Offer>
  /** Agent: takes the offered customer, who must be called within `callIn` milliseconds. */
  accept(
    offer: { queue: number; userID: string },
    cancel?: Cancellable,
  ): Promise<{ callIn: number }>
  /** Agent: declines; the customer notices nothing. */
  reject(offer: { queue: number; userID: string }, cancel?: Cancellable): Promise<void>
}
