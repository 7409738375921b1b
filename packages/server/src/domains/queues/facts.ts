import type { CallActivity, OfflineCause } from '../../actor/activity.ts'
import type { QueueDefinition, User } from './model.ts'

/** Something that somebody does or that happens; `now` in milliseconds since 1970. */
export type Command =
  | { type: 'define'; definition: QueueDefinition }
  | { type: 'delete'; queue: number }
  | { type: 'online'; userID: string; name: string; alive: boolean }
  | { type: 'offline'; userID: string; how: OfflineCause; now: number }
  | { type: 'link'; userID: string; alive: boolean; now: number }
  | { type: 'meeting'; userID: string; inside: boolean }
  | { type: 'dnd'; userID: string; on: boolean }
  | { type: 'call'; call: CallActivity; now: number }
  | { type: 'join'; userID: string; queue: number; text: string; now: number }
  | { type: 'leave'; userID: string }
  | { type: 'serve'; userID: string; queue: number }
  | { type: 'stopServing'; userID: string; queue: number; now: number }
  | { type: 'resumeServices'; userID: string }
  | { type: 'next'; userID: string; now: number }
  | { type: 'accept'; userID: string; queue: number; customer: string; now: number }
  | { type: 'reject'; userID: string; queue: number; customer: string; now: number }
  /** Brings the next two together, if there are any. */
  | { type: 'assign'; now: number }
  /** Handles the first deadline, if it is due. */
  | { type: 'elapse'; now: number }

/** Why a customer is None again. */
export type LeaveCause =
  | 'stopped'
  | 'gone'
  | 'refused'
  | 'waitedTooLong'
  | 'queueDeleted'
  | 'callEnded'

/** Why a customer is back at the head of its queue. */
export type ReturnCause =
  | 'rejected'
  | 'unanswered'
  | 'notCalled'
  | 'hungUp'
  | 'serviceStopped'
  | 'agentGone'
  | 'agentLost'
  | 'customerLost'
  | 'meetingEnded'

export type UserChange = Partial<
  Pick<User, 'name' | 'online' | 'alive' | 'dnd' | 'inMeeting' | 'call'>
>

/** What has happened. `userID` is the customer in facts about customers, the agent in those about services. */
export type Fact =
  | { type: 'defined'; definition: QueueDefinition }
  | { type: 'deleted'; queue: number; agents: readonly string[] }
  | { type: 'user'; userID: string; change: UserChange }
  | { type: 'joined'; userID: string; queue: number; text: string; at: number }
  | { type: 'textReplaced'; userID: string; text: string }
  | { type: 'left'; userID: string; queue: number | null; agent: string | null; why: LeaveCause }
  | {
      type: 'offered'
      userID: string
      queue: number
      agent: string
      asked: boolean
      until: number
    }
  | {
      type: 'returned'
      userID: string
      queue: number
      agent: string
      why: ReturnCause
      /** The customer had been told that it was accepted. */
      shown: boolean
      /** Until when this agent is not offered the customer again. */
      coolUntil: number | null
    }
  | { type: 'accepted'; userID: string; agent: string; at: number; until: number | null }
  | { type: 'rung'; userID: string; callID: string }
  /** `shown`: it had been told before that it was accepted. */
  | { type: 'talking'; userID: string; callID: string; at: number; shown: boolean }
  /** In a session that has nothing to do with a queue any more; `agent` loses the customer. */
  | {
      type: 'outside'
      userID: string
      queue: number
      callID: string
      agent: string | null
      at: number
      shown: boolean
      /** It talked already: the agent keeps its call and is not told. */
      talked: boolean
    }
  | { type: 'serving'; userID: string; queue: number }
  | { type: 'stoppedServing'; userID: string; queue: number }
  | { type: 'suspended'; userID: string; until: number }
  | { type: 'suspensionHeld'; userID: string }
  | { type: 'resumed'; userID: string; queues: readonly number[] }
  | { type: 'servicesEnded'; userID: string }
  | { type: 'cooled'; userID: string; agent: string }
  | { type: 'elapsed' }
  /** Nobody else can be brought together now, and everybody concerned was told. */
  | { type: 'settled' }
