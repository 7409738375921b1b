import type { ErrorCode } from '@yuntang/protocol'
import type { Cancellable, Events } from '../api.ts'

/** A message of the meeting as the server took it (spec 11 §1). */
export interface ChatMessage {
  /** Counts up in the order in which everybody hears messages; unique in the meeting. */
  readonly seq: number
  readonly from: string
  /** `""`: to everybody; else the one who got it privately. */
  readonly to: string
  /** What both were called then, also for those who left before I came; `""`: by their IDs, or everybody. */
  readonly fromName: string
  readonly toName: string
  /** As it was sent: escape it before it becomes HTML. */
  readonly text: string
  /** The server's time, milliseconds since 1970. */
  readonly at: number
}

/** What became of a message of mine. */
export interface ChatDelivery {
  readonly key: string
  readonly to: string
  readonly text: string
  /** `sent`: the server took it, whether or not somebody read it. */
  readonly state: 'sending' | 'sent' | 'failed'
  /** When sent. */
  readonly message?: ChatMessage
  /** When failed. */
  readonly error?: ErrorCode
}

export interface ChatEvents {
  /**
   * A message arrived: to everybody (my own too, after its sending has resolved) or to me. In the
   * server's order; what was missed while the connection was away comes too, once.
   */
  message: ChatMessage
  delivery: ChatDelivery
}

export interface ChatPage {
  /** In order. */
  readonly messages: readonly ChatMessage[]
  /** There are older ones. */
  readonly more: boolean
}

/** Messages in the meeting. */
export interface Chat extends Events<ChatEvents> {
  /** Most bytes of UTF-8 in one message. */
  readonly maxBytes: number
  /**
   * Sends to everybody, or privately to the member `to`. At most 32 KiB of UTF-8 and 20 messages in 2 s.
   * `key` names it in `delivery`; default: a fresh one. Rejects with param.invalid (no text),
   * im.too-large, im.absent (no such member, or a telephone), im.forbidden, im.rate, im.failed, meeting.outside or
   * connection.*. Waits while the connection comes back.
   */
  send(text: string, options?: { to?: string; key?: string } & Cancellable): Promise<ChatMessage>
  /**
   * Earlier messages: what was said to everybody, also before I came, and private ones from or to me.
   * The newest, or those before a number. The server keeps at least the last 1000.
   */
  history(options?: { before?: number } & Cancellable): Promise<ChatPage>
}
