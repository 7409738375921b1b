import type { Inbox } from '../client/inbox.ts'
import type { LinkEnv } from '../link/env.ts'
import type { Send } from '../link/link.ts'

/** What the channel needs of the client. */
export interface ChannelWire {
  readonly env: LinkEnv
  readonly inbox: Inbox
  /** Over the login's link; rejects with `login.required` without one. */
  readonly send: Send
  readonly loggedIn: () => boolean
  /** False while there is no socket. */
  sendBinary(frame: Uint8Array<ArrayBuffer>): boolean
  /** Bytes that have not left the page yet. */
  unsent(): number
  /** A fresh unguessable identifier. */
  newID(): string
}
