import { type ErrorCode, LIMITS, type TaskError } from '@yuntang/protocol'

/** How far a chunked task is. `finishing`: the receiver has all of it and tells its page. */
export type Stage = 'offered' | 'running' | 'finishing' | 'over'

/** One chunked task as the server follows it; the bytes themselves are never part of it. */
export interface TransferState {
  readonly size: number
  readonly stage: Stage
  /** Everything before it was handed to the receiver's link; the next chunk begins here. */
  readonly relayed: number
  /** The furthest that `relayed` ever was: nobody can have stored more. */
  readonly reached: number
  /** Everything before it is stored by the receiver. */
  readonly confirmed: number
}

export type TransferCommand =
  | { readonly type: 'accept'; readonly offset: number }
  | { readonly type: 'continue' }
  | { readonly type: 'chunk'; readonly offset: number; readonly length: number }
  | { readonly type: 'confirm'; readonly offset: number }
  | { readonly type: 'finish' }
  | { readonly type: 'delivered' }
  | { readonly type: 'refuse' }
  | { readonly type: 'cancel' }
  /** The user's login ended. */
  | { readonly type: 'gone'; readonly side: 'sender' | 'receiver' }
  /** Nothing has moved for too long. */
  | { readonly type: 'idle' }

export type TransferFact =
  /** The sender sends from `offset` on. */
  | { readonly type: 'placed'; readonly offset: number; readonly confirmed: number }
  | { readonly type: 'relayed'; readonly to: number }
  | { readonly type: 'confirmed'; readonly to: number }
  | { readonly type: 'finishing' }
  /** Over; who is told depends on who knows already. */
  | {
      readonly type: 'over'
      readonly tellSender: boolean
      readonly tellReceiver: boolean
      readonly error?: TaskError
    }

export type TransferDecision =
  | { readonly facts: readonly TransferFact[] }
  | { readonly error: ErrorCode }

const { chunkBytes, chunkWindow } = LIMITS

export const offered = (size: number): TransferState => ({
  size,
  stage: 'offered',
  relayed: 0,
  reached: 0,
  confirmed: 0,
})

const refused = (error: ErrorCode): TransferDecision => ({ error })
const facts = (...list: TransferFact[]): TransferDecision => ({ facts: list })
const over = (tellSender: boolean, tellReceiver: boolean, error?: TaskError): TransferDecision =>
  facts({ type: 'over', tellSender, tellReceiver, ...(error && { error }) })

/** True for positions at which a chunk may begin or the task end. */
const isBoundary = (state: TransferState, offset: number) =>
  offset === state.size || (offset < state.size && offset % chunkBytes === 0)

/** A page that comes back may say twice where it is; the furthest confirmation counts. */
const accept = (state: TransferState, stored: number): TransferDecision => {
  if (state.stage === 'finishing') return facts()
  if (!isBoundary(state, stored) || stored > state.reached) return refused('param.invalid')
  const offset = Math.max(stored, state.confirmed)
  return facts({ type: 'placed', offset, confirmed: offset })
}

/** Whatever does not fit is a late or repeated chunk: nothing happens, and the sender is told later. */
const chunk = (state: TransferState, offset: number, length: number): TransferDecision => {
  const wanted = Math.min(chunkBytes, state.size - offset)
  const fits =
    state.stage === 'running' &&
    offset === state.relayed &&
    length === wanted &&
    offset + length <= state.confirmed + chunkWindow * chunkBytes
  return fits ? facts({ type: 'relayed', to: offset + length }) : facts()
}

const confirm = (state: TransferState, offset: number): TransferDecision =>
  state.stage === 'running' &&
  isBoundary(state, offset) &&
  offset > state.confirmed &&
  offset <= state.relayed
    ? facts({ type: 'confirmed', to: offset })
    : facts()

/** What a command does to a transfer; it never changes anything by itself. */
export const decide = (state: TransferState, command: TransferCommand): TransferDecision => {
  if (state.stage === 'over') return refused('channel.too-late')
  switch (command.type) {
    case 'accept':
      return accept(state, command.offset)
    case 'continue':
      return state.stage === 'running'
        ? facts({ type: 'placed', offset: state.relayed, confirmed: state.confirmed })
        : facts()
    case 'chunk':
      return chunk(state, command.offset, command.length)
    case 'confirm':
      return confirm(state, command.offset)
    case 'finish':
      return state.stage === 'running' && state.reached === state.size
        ? facts({ type: 'finishing' })
        : refused('param.invalid')
    case 'delivered':
      return state.stage === 'finishing' ? over(true, false) : refused('param.invalid')
    case 'refuse':
      return over(true, false, 'channel.failed')
    case 'cancel':
      return state.stage === 'finishing' ? refused('channel.too-late') : over(false, true)
    case 'gone':
      // What the receiver has in full it delivers, whoever goes.
      if (command.side === 'receiver') return over(true, false, 'channel.failed')
      return over(false, state.stage !== 'finishing')
    case 'idle':
      return over(true, true, 'channel.failed')
  }
}

export const apply = (state: TransferState, fact: TransferFact): TransferState => {
  switch (fact.type) {
    case 'placed':
      return { ...state, stage: 'running', relayed: fact.offset, confirmed: fact.confirmed }
    case 'relayed':
      return { ...state, relayed: fact.to, reached: Math.max(state.reached, fact.to) }
    case 'confirmed':
      return { ...state, confirmed: fact.to }
    case 'finishing':
      return { ...state, stage: 'finishing', confirmed: state.size }
    case 'over':
      return { ...state, stage: 'over' }
  }
}

/** True when a task came closer to its end: what is sent or said again moves nothing. */
export const moved = (before: TransferState, after: TransferState): boolean =>
  after.stage !== before.stage ||
  after.reached > before.reached ||
  after.confirmed > before.confirmed
