import type { SipMessage } from '../message/message.ts'
import type { SipSyntaxError } from '../message/syntax-error.ts'

/** Where a message goes to, or came from. */
export interface Hop {
  /** IP address. */
  readonly address: string
  readonly port: number
  /** The connection it came by; 0 over UDP. A response goes back by it (RFC 3261 §18.2.2). */
  readonly connection: number
}

export interface TransportEvents {
  /** From an allowed address only. */
  message(message: SipMessage, from: Hop): void
  /** A message that breaks the grammar, from an allowed address. */
  damaged(error: SipSyntaxError, from: Hop): void
}

/** Carries messages to the trunk and takes messages from it alone. */
export interface Transport {
  readonly kind: 'UDP' | 'TCP'
  readonly reliable: boolean
  /** Local address and port. */
  readonly local: { readonly address: string; readonly port: number }
  /** Tells `failed` at most once, also later, when the message is known not to have arrived. */
  send(message: SipMessage, to: Hop, failed: () => void): void
  /** Keeps the way to the trunk open (RFC 5626 §4.4.1). */
  ping(to: Hop): void
  /** Frees the ports. Idempotent. */
  close(): Promise<void>
}
