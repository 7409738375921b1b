import {
  type BinaryFrame,
  LIMITS,
  ProtocolError,
  type TransferKind,
  writeConfirm,
} from '@yuntang/protocol'
import type { UserKey } from '../../actor/activity.ts'
import type { Context, User } from '../../actor/context.ts'
import type { Clock } from '../../core/clock.ts'
import {
  apply,
  decide,
  moved,
  offered,
  type TransferCommand,
  type TransferFact,
  type TransferState,
} from './state.ts'

/** One end of a transfer: a login and the page that it belongs to. */
interface End {
  readonly ctx: Context
  readonly key: string
}

interface Transfer {
  readonly number: number
  readonly task: string
  readonly sender: End
  readonly receiver: End
  state: TransferState
  /** When it, or one that the receiver takes first, last came closer to its end. */
  movedAt: number
  stopWatching(): void
}

export interface Offer {
  readonly task: string
  readonly kind: TransferKind
  readonly size: number
  readonly name: string
}

type Side = 'sender' | 'receiver'
const keyOf = ({ account, userID }: UserKey) => `${account}\n${userID}`
const endOf = (ctx: Context, user: User): End => ({ ctx, key: keyOf(user) })
const LAST_NUMBER = 0xffff_ffff

/** Chunked tasks under way: who sends what to whom, and how far it is. Bytes only pass through. */
export class Transfers {
  readonly #all = new Map<number, Transfer>()
  readonly #of = {
    sender: new Map<string, Set<Transfer>>(),
    receiver: new Map<string, Set<Transfer>>(),
  }
  #last = 0

  /** @param idleMs how long a task may live while nothing moves; longer than a silent link loss. */
  constructor(
    private readonly clock: Clock,
    private readonly idleMs: number,
  ) {}

  get size(): number {
    return this.#all.size
  }

  offer(ctx: Context, from: User, to: Context & { user: User }, offer: Offer): number {
    const [sender, receiver] = [endOf(ctx, from), endOf(to, to.user)]
    const own = this.#of.sender.get(sender.key) ?? new Set()
    if (own.size >= LIMITS.tasksPerSender) throw new ProtocolError('rate.exceeded')
    for (const other of own) if (other.task === offer.task) throw new ProtocolError('param.invalid')
    const number = this.#number()
    const transfer: Transfer = {
      number,
      task: offer.task,
      sender,
      receiver,
      state: offered(offer.size),
      movedAt: this.clock.now(),
      stopWatching: () => {},
    }
    this.#all.set(number, transfer)
    this.#of.sender.set(sender.key, own.add(transfer))
    const theirs = this.#of.receiver.get(receiver.key) ?? new Set()
    this.#of.receiver.set(receiver.key, theirs.add(transfer))
    this.#watch(transfer)
    to.link.event('channel.incoming', { transfer: number, from: from.userID, ...offer })
    return number
  }

  /**
   * Looks again when the task would have been idle for too long. One that is not accepted waits in
   * the receiver's line: what is before it there keeps it alive, and nothing else does.
   */
  #watch(transfer: Transfer): void {
    const wait = transfer.movedAt + this.idleMs - this.clock.now()
    transfer.stopWatching = this.clock.schedule(wait, () => {
      if (transfer.state.stage === 'offered')
        for (const other of this.#of.receiver.get(transfer.receiver.key) ?? []) {
          if (other === transfer) break
          transfer.movedAt = Math.max(transfer.movedAt, other.movedAt)
        }
      if (transfer.movedAt + this.idleMs > this.clock.now()) this.#watch(transfer)
      else this.#commit(transfer, { type: 'idle' })
    })
  }

  #number(): number {
    do this.#last = this.#last === LAST_NUMBER ? 1 : this.#last + 1
    while (this.#all.has(this.#last))
    return this.#last
  }

  /** A request about a transfer by the side that may make it; anybody else's does not exist. */
  command(caller: Context, side: Side, number: number, command: TransferCommand): void {
    const transfer = this.#all.get(number)
    if (transfer?.[side].ctx !== caller) throw new ProtocolError('channel.too-late')
    if (command.type === 'accept' && transfer.state.stage === 'offered')
      this.#admit(transfer.receiver)
    this.#commit(transfer, command)
  }

  #admit(receiver: End): void {
    let running = 0
    for (const { state } of this.#of.receiver.get(receiver.key) ?? [])
      if (state.stage === 'running') running += 1
    if (running >= LIMITS.tasksPerReceiver) throw new ProtocolError('rate.exceeded')
  }

  /** A chunk or confirmation; `raw` goes on as it came. False when it belongs to nothing here. */
  frame(caller: Context, frame: BinaryFrame, raw: Uint8Array): boolean {
    const transfer = this.#all.get(frame.transfer)
    if (frame.kind === 'chunk') {
      if (transfer?.sender.ctx !== caller) return false
      const { offset, bytes } = frame
      const relay = this.#commit(transfer, { type: 'chunk', offset, length: bytes.length })
      if (relay) transfer.receiver.ctx.link.bulk(raw)
      return relay
    }
    if (transfer?.receiver.ctx !== caller) return false
    return this.#commit(transfer, { type: 'confirm', offset: frame.offset })
  }

  /** Decides, applies, announces; true when anything happened. */
  #commit(transfer: Transfer, command: TransferCommand): boolean {
    const decision = decide(transfer.state, command)
    if ('error' in decision) throw new ProtocolError(decision.error)
    for (const fact of decision.facts) {
      const before = transfer.state
      transfer.state = apply(before, fact)
      if (moved(before, transfer.state)) transfer.movedAt = this.clock.now()
      this.#announce(transfer, fact)
    }
    return decision.facts.length > 0
  }

  #announce(transfer: Transfer, fact: TransferFact): void {
    const { number, task, sender, receiver } = transfer
    if (fact.type === 'placed')
      sender.ctx.link.event('channel.go', {
        transfer: number,
        offset: fact.offset,
        confirmed: fact.confirmed,
      })
    else if (fact.type === 'confirmed') sender.ctx.link.bulk(writeConfirm(number, fact.to))
    else if (fact.type === 'over') {
      this.#forget(transfer)
      const { error } = fact
      if (fact.tellSender)
        sender.ctx.link.event('channel.settled', { task, ...(error ? { error } : {}) })
      if (fact.tellReceiver) receiver.ctx.link.event('channel.withdrawn', { transfer: number })
    }
  }

  #forget(transfer: Transfer): void {
    this.#all.delete(transfer.number)
    transfer.stopWatching()
    this.#moveUp(transfer)
    for (const side of ['sender', 'receiver'] as const) {
      const { key } = transfer[side]
      const own = this.#of[side].get(key)
      own?.delete(transfer)
      if (own?.size === 0) this.#of[side].delete(key)
    }
  }

  /** Those behind it in the receiver's line come closer. */
  #moveUp(gone: Transfer): void {
    let behind = false
    for (const other of this.#of.receiver.get(gone.receiver.key) ?? []) {
      if (behind && other.state.stage === 'offered') other.movedAt = this.clock.now()
      behind ||= other === gone
    }
  }

  /** A login ended; its page is told nothing more about its tasks. */
  gone(user: UserKey): void {
    for (const side of ['sender', 'receiver'] as const)
      for (const transfer of [...(this.#of[side].get(keyOf(user)) ?? [])]) {
        const self = transfer.sender.key === transfer.receiver.key
        if (self) this.#forget(transfer)
        else this.#commit(transfer, { type: 'gone', side })
      }
  }
  /** The server ends. */
  close(): void {
    for (const transfer of this.#all.values()) transfer.stopWatching()
    this.#all.clear()
  }
}
