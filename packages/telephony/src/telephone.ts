import type { Clock } from './clock.ts'
import type { Line, Off, PhoneMedia } from './line.ts'

/**
 * Why a call is over. `refused`: the person or the trunk said no. `busy`: the telephone, or without a
 * status ours, which has as many calls as it may. `noAnswer`: it rang for too long or
 * the telephone is not reachable just now. `cancelled`: the caller gave up before the answer. `hungUp`:
 * either side ended an answered call. `unreachable`: the trunk does not answer. `unauthorised`: the
 * trunk does not take our user and password. `failed`: anything else, such as a number nobody has.
 */
export type CallEnd =
  | 'refused'
  | 'busy'
  | 'noAnswer'
  | 'cancelled'
  | 'hungUp'
  | 'unreachable'
  | 'unauthorised'
  | 'failed'

export interface CallEvents {
  /** The trunk has answered at all; of a call that we make. Once, before all others but `ended`. */
  trying: []
  /** The telephone rings, or announcements of the network can be heard (early media). Once. */
  ringing: []
  /** Both sides hear each other. Once. */
  answered: []
  /** A key pressed, by RFC 4733 or by INFO: `0`–`9`, `*`, `#`, `A`–`D`. */
  digit: [digit: string]
  /** Once, always last. `status` is the SIP status that ended it, 0 without one. */
  ended: [why: CallEnd, status: number]
}

/** One call with one telephone. */
export interface Call {
  readonly id: string
  /** The number of the other side; empty when it is withheld. */
  readonly peer: string
  /**
   * Its sound. Null before the port of its sound is open: it is there from the first `ringing` or
   * `answered` on, and at once in an incoming call.
   */
  readonly line: Line | null
  on<K extends keyof CallEvents>(event: K, listener: (...data: CallEvents[K]) => void): Off
  /** Ends the call in any state: cancels, refuses, or hangs up. `ended` follows. Idempotent. */
  hangUp(): void
}

/** A call that somebody makes to one of the trunk's numbers. */
export interface IncomingCall extends Call {
  /** The number that was dialled, as the trunk writes it. */
  readonly dialled: string
  /** Takes the call; `answered` follows when the other side confirms. */
  answer(): void
}

/** State of the registration at the trunk; `off` when the trunk needs none. */
export type Registration =
  | 'off'
  | 'trying'
  | 'registered'
  | 'unauthorised'
  | 'unreachable'
  | 'failed'

export interface TelephoneEvents {
  incoming: [call: IncomingCall]
  registration: [state: Registration]
}

/** A telephone on one SIP trunk. */
export interface Telephone {
  /** The address and port that the trunk is told. */
  readonly local: { readonly address: string; readonly port: number }
  readonly registration: Registration
  /** Calls a number or a `sip:` or `tel:` address. Never throws: what cannot be called has `ended`. */
  dial(to: string): Call
  on<K extends keyof TelephoneEvents>(
    event: K,
    listener: (...data: TelephoneEvents[K]) => void,
  ): Off
  /** Ends all calls and the registration, then frees the ports. Idempotent. */
  close(): Promise<void>
}

export type Log = (level: 'debug' | 'info' | 'warn' | 'error', text: string, data?: object) => void

export interface TelephoneOptions {
  readonly trunk: {
    /** Name or address. */
    readonly host: string
    readonly port: number
    readonly transport: 'udp' | 'tcp'
  }
  /** Name at the trunk, also for its digest; empty when the trunk knows us by our address. */
  readonly user: string
  readonly password: string
  /** Number shown to whom we call. */
  readonly callerID: string
  /** A number as people write it to what the trunk wants. */
  rewrite(number: string): string
  /** Address to bind; empty for the one from which the trunk is reached. */
  readonly localAddress: string
  /** Port to bind; 0 for any. */
  readonly localPort: number
  /** Address that the trunk is told for signalling and sound, when ours is behind NAT. */
  readonly publicAddress?: string
  /** Registers at the trunk, so that calls to its numbers come here. Default no. */
  readonly register?: boolean
  /** Milliseconds that a call may ring, both ways. Default 60,000. */
  readonly ringFor?: number
  /** Calls at a time, both ways; further ones are busy. Default 100. */
  readonly maxCalls?: number
  readonly media: PhoneMedia
  readonly clock: Clock
  /** All addresses of a name; default: the system's. */
  readonly lookup?: (host: string) => Promise<readonly string[]>
  /** Unguessable text of letters and digits, at least 64 bits of it. */
  readonly ids: () => string
  readonly log: Log
}
