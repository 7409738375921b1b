import { type ErrorCode, LIMITS } from '@yuntang/protocol'

/** Who sent how much lately in one meeting. Pure: no clock, no I/O. */
export interface ImState {
  /** Number of the last message taken. */
  readonly last: number
  /** Times of the messages within the window, by sender. */
  readonly recent: ReadonlyMap<string, readonly number[]>
}

export interface ImCommand {
  readonly from: string
  readonly to: string
  readonly text: string
  readonly at: number
  /** The recipient is everybody or a member. */
  readonly present: boolean
  readonly forbidden: boolean
}

/** A message was taken under this number. */
export interface ImFact {
  readonly seq: number
  readonly from: string
  readonly at: number
}

export const emptyIm = (last: number): ImState => ({ last, recent: new Map() })

const within = (times: readonly number[], at: number) =>
  times.filter((time) => time > at - LIMITS.imWindow)

/** Takes a message or says why not (spec 11 §1, Errors); an error changes nothing. */
export const decide = (state: ImState, c: ImCommand): { fact: ImFact } | { error: ErrorCode } => {
  if (c.text === '') return { error: 'param.invalid' }
  if (Buffer.byteLength(c.text) > LIMITS.imBytes) return { error: 'im.too-large' }
  if (!c.present) return { error: 'im.absent' }
  if (c.forbidden) return { error: 'im.forbidden' }
  if (within(state.recent.get(c.from) ?? [], c.at).length >= LIMITS.imBurst)
    return { error: 'im.rate' }
  return { fact: { seq: state.last + 1, from: c.from, at: c.at } }
}

/** The state after a message; senders who were silent for a while are forgotten. */
export const apply = (state: ImState, { seq, from, at }: ImFact): ImState => {
  const recent = new Map<string, readonly number[]>()
  for (const [user, times] of state.recent) {
    const late = within(times, at)
    if (late.length > 0) recent.set(user, late)
  }
  recent.set(from, [...(recent.get(from) ?? []), at])
  return { last: seq, recent }
}
