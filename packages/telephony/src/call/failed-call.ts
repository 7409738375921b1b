import type { Stack } from '../agent/stack.ts'
import { Emitter } from '../emitter.ts'
import type { Off } from '../line.ts'
import type { Call, CallEvents } from '../telephone.ts'

/** A call that cannot even begin: not a number, or too many calls at a time. */
export class FailedCall implements Call {
  readonly id: string
  readonly peer: string
  readonly line = null
  readonly #emitter: Emitter<CallEvents>

  constructor(stack: Pick<Stack, 'ids' | 'log'>, peer: string, why: 'busy' | 'failed') {
    this.id = stack.ids()
    this.peer = peer
    this.#emitter = new Emitter(stack.log)
    // Whoever dials listens first.
    queueMicrotask(() => this.#emitter.emit('ended', why, 0))
  }

  on<K extends keyof CallEvents>(event: K, listener: (...data: CallEvents[K]) => void): Off {
    return this.#emitter.on(event, listener)
  }

  hangUp(): void {}
}
