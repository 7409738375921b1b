import type { MeetingSnapshot } from '@yuntang/protocol'
import type { MeetingEvent } from './replica.ts'

/** A domain inside a meeting as its page has it: pages, boards, files. The meeting owns and closes it. */
export interface MeetingPart {
  /** An event from the server, in the room's order; each part takes its own. */
  handle?(event: MeetingEvent): void
  /** Events were lost: what the server says now; differences become ordinary events. */
  resync?(snapshot: MeetingSnapshot): void
  /** The meeting is over on this page. Nothing is emitted afterwards. Idempotent. */
  close?(): void
}
