/** Timer values of RFC 3261 §17 in milliseconds. */
export const T1 = 500
export const T2 = 4000
export const T4 = 5000
/** 64 × T1: how long a transaction waits for an answer. */
export const GIVE_UP = 64 * T1

/** Timers of RFC 3261 table 4, and those of RFC 6026 (L, M). */
export type Timer = 'A' | 'B' | 'D' | 'E' | 'F' | 'G' | 'H' | 'I' | 'J' | 'K' | 'L' | 'M'

export type Act =
  /** The request of a client, or the last response of a server, (again). */
  | { readonly do: 'send' }
  /** The ACK of a refused INVITE. */
  | { readonly do: 'ack' }
  /** What came goes to the user of the transaction. */
  | { readonly do: 'pass' }
  | { readonly do: 'fail'; readonly why: 'timeout' | 'transport' }
  | { readonly do: 'start'; readonly timer: Timer; readonly ms: number }

export interface Step<State> {
  readonly state: State
  readonly acts: readonly Act[]
}

/** How a transaction goes on; pure. Events that mean nothing in a state change nothing. */
export interface Machine<State extends { readonly at: string }, Event> {
  readonly initial: State
  /** `reliable`: the transport repeats by itself what is lost, so the transaction does not. */
  step(state: State, event: Event, reliable: boolean): Step<State>
}

export const SEND: Act = { do: 'send' }
export const ACK: Act = { do: 'ack' }
export const PASS: Act = { do: 'pass' }
export const start = (timer: Timer, ms: number): Act => ({ do: 'start', timer, ms })
export const fail = (why: 'timeout' | 'transport'): Act => ({ do: 'fail', why })

export type ClientEvent =
  | { readonly type: 'start' }
  /** A CANCEL was sent. */
  | { readonly type: 'cancel' }
  | { readonly type: 'response'; readonly status: number }
  | { readonly type: 'timer'; readonly timer: Timer }
  | { readonly type: 'transportError' }

export type ServerEvent =
  /** The request came again. */
  | { readonly type: 'request' }
  | { readonly type: 'ack' }
  | { readonly type: 'respond'; readonly status: number }
  | { readonly type: 'timer'; readonly timer: Timer }
  | { readonly type: 'transportError' }
