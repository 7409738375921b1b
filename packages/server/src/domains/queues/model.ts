import { Deadlines } from './deadlines.ts'
import { Ordered } from './ordered.ts'

/** A queue as the administrator made it (spec 05 §9). Times in milliseconds. */
export interface QueueDefinition {
  readonly id: number
  readonly name: string
  readonly desc: string
  /** 1–10, smaller is served first. */
  readonly priority: number
  /** Customers who may wait at once; 0: any number. */
  readonly maxWaiting: number
  /** After this a waiting customer is removed; 0: never. */
  readonly maxWaitMs: number
  /** User IDs that may serve; null: everybody. */
  readonly agents: readonly string[] | null
}

/** Spec 05 §2.1; a customer in state None has no record. */
export type Stage = 'waiting' | 'offered' | 'accepted' | 'session'

export interface Customer {
  readonly userID: string
  /** Null in a session outside the queue. */
  queue: number | null
  /** Order of joining, over all queues; kept when the customer returns to the head. */
  readonly order: number
  readonly joinedAt: number
  text: string
  stage: Stage
  /** To whom it is offered, who accepted it, or who talks with it. */
  agent: string | null
  /** The agent's call to it, ringing or accepted. */
  call: string | null
  /** When the offer or the acceptance runs out; null when no clock runs. */
  until: number | null
  /** When it was accepted: waiting ends there. */
  servedAt: number | null
  /** Agents who may not be offered this customer again, and until when. */
  readonly cooling: Map<string, number>
}

/** What is known of a user who is online, or whose services or call are kept. */
export interface User {
  readonly userID: string
  name: string
  online: boolean
  alive: boolean
  dnd: boolean
  inMeeting: boolean
  /** The call or invite that it is part of. */
  call: { readonly id: string; readonly accepted: boolean } | null
  readonly serving: Set<number>
  /** Services that come back with the next init. */
  readonly suspended: Set<number>
  /** Until when they are kept while the user is away; null while it is back. */
  suspendedUntil: number | null
  /** The customer offered to, accepted by or talking with this agent. */
  customer: string | null
  /** Order of becoming free; null unless eligible for automatic assignment. */
  free: number | null
}

export interface Queue {
  definition: QueueDefinition
  /** Customers not offered to anybody, in order. */
  readonly waiting: Ordered<Customer>
  /** Those of them who can be offered now. */
  readonly ready: Ordered<Customer>
  /** Agents eligible for automatic assignment, free for the longest time first. */
  readonly free: Ordered<User>
  readonly agents: Set<string>
  /** Customers in any stage. */
  readonly customers: Set<string>
  /** Customers accepted or in a session. */
  served: number
}

/** Durations of the rules (spec 00 §8). */
export interface Times {
  readonly assign: number
  readonly engage: number
  readonly cooldown: number
  readonly session: number
}

/**
 * All queues of one app account, since a customer stands in one of them and an agent serves several.
 * Changed in place by `apply` only: copying ten thousand waiting customers for every turn would cost
 * more than the turn.
 */
export interface QueuesState {
  readonly times: Times
  readonly queues: Map<number, Queue>
  readonly users: Map<string, User>
  readonly customers: Map<string, Customer>
  readonly deadlines: Deadlines
  /** Queues in which somebody became ready or free since the last assignment. */
  readonly stirred: Set<number>
  /** Queues whose numbers or order may have changed since everybody was told. */
  readonly touched: Set<number>
  nextOrder: number
  nextFree: number
}

export const emptyQueues = (times: Times): QueuesState => ({
  times,
  queues: new Map(),
  users: new Map(),
  customers: new Map(),
  deadlines: new Deadlines(),
  stirred: new Set(),
  touched: new Set(),
  nextOrder: 1,
  nextFree: 1,
})

export const emptyQueue = (definition: QueueDefinition): Queue => ({
  definition,
  waiting: new Ordered((c) => c.order),
  ready: new Ordered((c) => c.order),
  free: new Ordered((u) => u.free ?? 0),
  agents: new Set(),
  customers: new Set(),
  served: 0,
})
