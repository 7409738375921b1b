import type { Static } from 'typebox'
import { domain, event, replacedEvent, request } from '../contract.ts'
import { LIMITS } from '../limits.ts'
import { int, list, MeetingID, NickName, nothing, obj, opt, text, UserID } from '../schema.ts'

/** Made by the server, never used twice (spec 00 §7). */
export const QueueID = () => int(0, Number.MAX_SAFE_INTEGER)
const Count = () => int(0, 1_000_000)
const Milliseconds = () => int(0, Number.MAX_SAFE_INTEGER)
const Text = () => text(LIMITS.freeTextBytes)

/** What everybody of the account may know of a queue (spec 05 §1). */
export const QueueInfo = obj({
  id: QueueID(),
  name: text(LIMITS.queueNameChars, 1),
  desc: text(LIMITS.queueDescChars),
  /** 1–10, smaller is served first. */
  priority: int(1, 10),
})
export type QueueInfo = Static<typeof QueueInfo>

export const QueueStatus = obj({
  queue: QueueID(),
  /** Users serving the queue, free or not. */
  agents: Count(),
  /** Customers not offered to anybody. */
  waiting: Count(),
  /** Customers accepted by an agent or in a session. */
  served: Count(),
})
export type QueueStatus = Static<typeof QueueStatus>

/** A customer's own place. */
export const Queuing = obj({
  /** ≥ 0 the queue, −1 not queuing, −2 accepted or in a session. */
  queue: int(-2, Number.MAX_SAFE_INTEGER),
  /** People in front. */
  position: Count(),
  /** Time since joining; what was waited altogether once accepted. */
  waited: Milliseconds(),
})
export type Queuing = Static<typeof Queuing>

/** A customer offered to an agent. */
export const Offer = obj({
  queue: QueueID(),
  userID: UserID(),
  name: NickName(),
  /** Free text given when joining. */
  text: Text(),
  waited: Milliseconds(),
  /** How long the agent has for an answer. */
  answerIn: Milliseconds(),
})
export type Offer = Static<typeof Offer>

/** The call a user is part of, as it is after a reload (spec 05 §3, `GetSessionInfo`). */
export const SessionInfo = obj({
  callID: text(128, 1),
  peerID: text(LIMITS.userIDChars),
  peerName: NickName(),
  /** Milliseconds since acceptance; absent while it rings. */
  talking: opt(Milliseconds()),
  meeting: opt(obj({ id: MeetingID(), password: text(LIMITS.passwordChars) })),
})
export type SessionInfo = Static<typeof SessionInfo>

const Serving = list(QueueID(), LIMITS.queuesPerAccount)
const Statuses = list(QueueStatus, LIMITS.queuesPerAccount)
const Answer = obj({ queue: QueueID(), userID: UserID() })

/** Service queues: customers wait, agents serve, the server brings them together (spec 05). */
export const queues = domain('queues', {
  requests: {
    /** Everything about queues that concerns me; restores suspended services (spec 05 §8). */
    init: request({
      in: nothing(),
      out: obj({
        queues: list(QueueInfo, LIMITS.queuesPerAccount),
        statuses: Statuses,
        queuing: Queuing,
        serving: Serving,
        session: opt(SessionInfo),
        /** The customer offered to me, accepted by me or talking with me. */
        assigned: opt(Answer),
      }),
      allow: 'user',
    }),
    statuses: request({ in: nothing(), out: obj({ statuses: Statuses }), allow: 'user' }),
    join: request({
      in: obj({ queue: QueueID(), text: Text() }),
      out: obj({ queuing: Queuing, status: QueueStatus }),
      allow: 'user',
    }),
    leave: request({ in: nothing(), out: obj({ queuing: Queuing }), allow: 'user' }),
    serve: request({
      in: obj({ queue: QueueID() }),
      out: obj({ serving: Serving, status: QueueStatus }),
      allow: 'user',
    }),
    stopServing: request({
      in: obj({ queue: QueueID() }),
      out: obj({ serving: Serving, status: QueueStatus }),
      allow: 'user',
    }),
    /** Asks for one customer now; also after declining it a moment ago. */
    next: request({ in: nothing(), out: Offer, allow: 'user' }),
    accept: request({ in: Answer, out: obj({ callIn: Milliseconds() }), allow: 'user' }),
    reject: request({ in: Answer, out: nothing(), allow: 'user' }),
  },
  events: {
    /** To agents and waiting customers of the queue; changes are merged. */
    status: replacedEvent(QueueStatus),
    /** My own place changed. */
    queuing: replacedEvent(Queuing),
    /** The server offers a customer by itself. */
    offered: event(Offer),
    /** A customer offered to or accepted by me is taken back. */
    withdrawn: event(obj({ queue: QueueID(), userID: UserID() })),
    /** A queue that I served or waited in is gone. */
    deleted: event(obj({ queue: QueueID() })),
  },
})
